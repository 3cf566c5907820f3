import { createExecutionContext, createMessageBatch, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { createSystemContext } from '../../src/compose.ts'
import type { ServiceContext } from '../../src/context.ts'
import type { Env } from '../../src/env.ts'
import { isolateOf } from '../../src/isolate.ts'
import { type Call, outboundTraceHeaders } from '../../src/platform/call.ts'
import { parseTraceparent } from '../../src/platform/observability/trace-context.ts'
import { consumeBatch } from '../../src/platform/queues/consume.ts'
import type { Delivery } from '../../src/platform/queues/delivery.ts'
import { LaneMessage } from '../../src/platform/queues/lanes.ts'
import type { Subscriber } from '../../src/platform/queues/subscriber.ts'
import { createApi } from '../support/api.ts'
import { type LogLine, linesOf } from '../support/log-lines.ts'
import { makePerson } from '../support/people.ts'

const TRACE_ID = '3f8a1c5e7b9d2046813579bdf02468ac'
const SPAN_ID = '7c1e5a9d3b8f2460'
const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`

/** Signs somebody out: one commit with one event, one call to an object, and one message. */
async function signOut(headers: [string, string][]) {
  const calls: Call[] = []
  const messages: LaneMessage[] = []
  const given = {
    CRITICAL_QUEUE: {
      sendBatch: async (batch: Iterable<MessageSendRequest>) => {
        messages.push(...[...batch].map(({ body }) => LaneMessage.parse(body)))
      },
    } as unknown as Queue,
    USER_SOCKET: {
      getByName: () => ({
        endSessions: async (call: Call) => {
          calls.push(call)
          return { ok: true, value: null, spent: { rowsRead: 0, rowsWritten: 0 } }
        },
      }),
    } as unknown as Env['USER_SOCKET'],
  }
  const api = createApi({ env: given })
  const ann = await makePerson(api.isolate)
  // Headers as they are, also several of one name.
  const all: [string, string][] = [...headers, ['authorization', `Bearer ${ann.accessToken}`]]
  const request = new Request('http://localhost/v1/auth/logout', { method: 'POST', headers: new Headers(all) })
  let status = 0
  const lines = await linesOf([api.isolate.log], async () => {
    const ctx = createExecutionContext()
    status = (await api.app.fetch(request, { ...env, ...given }, ctx)).status
    await waitOnExecutionContext(ctx)
  })
  const row = await env.DB.prepare('select traceparent, correlation_id from outbox where aggregate_id = ?')
    .bind(ann.id)
    .first<{ traceparent: string; correlation_id: string }>()
  const end = lines.find(({ message }) => message === 'HTTP Request')
  return { status, lines, end, call: calls[0], messages, row }
}

describe('a request', () => {
  it('is a child span of its caller’s, in every line, in the event that it commits and in its calls (R41.4, R42.4)', async () => {
    const headers: [string, string][] = [
      ['TraceParent', ` ${traceparent}\t`],
      ['x-request-id', 'request-0001'],
    ]
    const { status, lines, end, call, row } = await signOut(headers)
    expect([status, end?.traceId, end?.parentSpanId]).toEqual([200, TRACE_ID, SPAN_ID])
    expect(lines.map(({ message }) => message)).toEqual(expect.arrayContaining(['SQL Query', 'Business Event']))
    const ids = ({ correlationId, traceId, spanId }: LogLine) => [correlationId, traceId, spanId]
    expect(lines.map(ids)).toEqual(lines.map(() => ['request-0001', TRACE_ID, end?.spanId]))
    const own = `00-${TRACE_ID}-${end?.spanId}-01`
    expect(row).toEqual({ traceparent: own, correlation_id: 'request-0001' })
    expect(call).toEqual({ correlationId: 'request-0001', traceparent: own })
  })

  it('passes on what other systems said of the trace, from several headers in their order (R42.4)', async () => {
    const { call } = await signOut([
      ['traceparent', traceparent],
      ['tracestate', 'rojo=1 , congo=2'],
      ['TraceState', ''],
      ['tracestate', '\tacme@edge=3'],
    ])
    expect(call?.tracestate).toBe('rojo=1,congo=2,acme@edge=3')
  })

  it('is of its caller’s trace also where the tracestate is not valid, which goes no further (R42.4)', async () => {
    const { status, end, call } = await signOut([
      ['traceparent', traceparent],
      ['tracestate', 'rojo=1'],
      ['tracestate', 'Rojo=2'],
    ])
    expect([status, end?.traceId]).toEqual([200, TRACE_ID])
    expect(call).not.toHaveProperty('tracestate')
  })

  const invalid: [string, [string, string][]][] = [
    ['no traceparent', []],
    ['an empty one', [['traceparent', '']]],
    ['one that is not valid', [['traceparent', `00-${'0'.repeat(32)}-${SPAN_ID}-01`]]],
    ['one of bytes that are no text', [['traceparent', '\u0001\u007f']]],
    ['one of sixty thousand characters', [['traceparent', `${traceparent}-${'x'.repeat(60_000)}`]]],
    [
      'two, both valid',
      [
        ['traceparent', traceparent],
        ['traceparent', traceparent],
      ],
    ],
    ['one under another name', [['trace-parent', traceparent]]],
  ]
  it.each(invalid)(
    'with %s succeeds, and begins a trace without a parent or a state (R42.4)',
    async (_title, given) => {
      const { status, end, call, row } = await signOut([...given, ['tracestate', 'rojo=1']])
      expect(status).toBe(200)
      expect(end?.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
      expect(end?.traceId).not.toBe(TRACE_ID)
      expect(end).not.toHaveProperty('parentSpanId')
      expect(call).toEqual({
        correlationId: end?.correlationId,
        traceparent: `00-${end?.traceId}-${end?.spanId}-03`,
      })
      expect(row?.traceparent).toBe(call?.traceparent)
    },
  )

  it('of a later version of the header is continued in ours (R42.4)', async () => {
    const { end, row } = await signOut([['traceparent', `cc-${TRACE_ID}-${SPAN_ID}-ff-what-comes-one-day`]])
    expect([end?.traceId, end?.parentSpanId]).toEqual([TRACE_ID, SPAN_ID])
    expect(row?.traceparent).toBe(`00-${TRACE_ID}-${end?.spanId}-03`)
  })

  it('of a page of another origin may say where in a trace it stands (R42.4)', async () => {
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'traceparent,tracestate',
    }
    const answer = await createApi().request('OPTIONS', '/v1/auth/logout', { headers })
    const allowed = (answer.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(',')
    expect(allowed).toEqual(expect.arrayContaining(['traceparent', 'tracestate']))
  })
})

describe('a message', () => {
  const subscriber = (handle: () => Promise<void>): Subscriber<ServiceContext> => ({
    name: 'identity.close-sockets',
    event: { type: 'sessions.revoked' } as Subscriber<ServiceContext>['event'],
    lane: 'critical',
    once: { by: 'batch', store: 'core' },
    handle,
  })

  async function consume(bodies: unknown[], handle: () => Promise<void>) {
    const { isolate } = createApi()
    const { log, clock } = isolate
    const parts = {
      ...{ subscribers: [subscriber(handle)], log, clock, bury: async () => undefined },
      makeContext: (delivery?: Delivery) => createSystemContext(isolate, env, 'test', () => undefined, delivery),
    }
    const batch = createMessageBatch(
      'selvage-critical',
      bodies.map((body, i) => ({ id: String(i), timestamp: new Date(), attempts: i + 1, body })),
    )
    const lines = await linesOf([log], () => consumeBatch(batch, parts))
    return lines.filter(({ message }) => String(message).startsWith('Message '))
  }

  it('is handled in the trace of the commit that caused it, by a span of its own linked to it (R42.6, R41.4)', async () => {
    const { messages, end } = await signOut([
      ['traceparent', traceparent],
      ['x-request-id', 'request-0002'],
    ])
    expect(messages).toHaveLength(1)
    const outbound: Record<string, string>[] = []
    const [line] = await consume(messages, async () => void outbound.push(outboundTraceHeaders()))
    expect(line).toMatchObject({
      message: 'Message Handled',
      correlationId: 'request-0002',
      traceId: TRACE_ID,
      parentSpanId: end?.spanId,
      linkedTraceparent: `00-${TRACE_ID}-${end?.spanId}-01`,
    })
    expect([SPAN_ID, end?.spanId]).not.toContain(line?.spanId)
    // What the handler calls is a child of the handler, no longer of the request.
    expect(outbound).toEqual([{ traceparent: `00-${TRACE_ID}-${line?.spanId}-01`, 'X-Correlation-Id': 'request-0002' }])
  })

  it('keeps trace and correlation id also on its way through a real queue (R42.6, R41.4)', async () => {
    const api = createApi()
    const ann = await makePerson(api.isolate)
    const headers = { traceparent, 'x-request-id': 'request-0003' }
    // Messages of others may be on their way through the same queue.
    const isOwn = (line: { correlationId?: unknown }) => line.correlationId === 'request-0003'
    const lines = await linesOf([isolateOf(env).log, api.isolate.log], async (written) => {
      await api.as(ann).post('/v1/auth/logout', undefined, { headers })
      const handled = () => written.filter(isOwn).map(({ message }) => message)
      await vi.waitFor(() => expect(handled()).toContain('Message Handled'), 8_000)
    })
    const find = (message: string) => lines.find((line) => line.message === message && isOwn(line))
    expect(find('Message Handled')).toMatchObject({
      subscriber: 'identity.close-sockets',
      eventId: find('Business Event')?.eventId,
      correlationId: 'request-0003',
      traceId: TRACE_ID,
      parentSpanId: find('HTTP Request')?.spanId,
    })
  })

  it('that fails says so in its producer’s trace, each try as a span of its own (R42.6)', async () => {
    const { messages, end } = await signOut([['traceparent', traceparent]])
    const lines = await consume([messages[0], messages[0]], async () => {
      throw new Error('The handler is broken')
    })
    for (const line of lines) {
      expect(line).toMatchObject({
        level: 'error',
        message: 'Message Failed',
        correlationId: end?.correlationId,
        traceId: TRACE_ID,
        parentSpanId: end?.spanId,
        linkedTraceparent: expect.stringContaining(TRACE_ID),
        error: { message: 'The handler is broken' },
      })
    }
    expect(new Set(lines.map(({ spanId }) => spanId)).size).toBe(2)
  })

  it('without a context, or with one that is not valid, is handled in a trace of its own (R42.6)', async () => {
    const { messages } = await signOut([])
    const bodies = ['', 'nonsense', `00-${'0'.repeat(32)}-${SPAN_ID}-01`].map((text) => ({
      ...messages[0],
      event: { ...messages[0]?.event, traceparent: text, correlationId: text || 'x' },
    }))
    const contexts: (string | undefined)[] = []
    const lines = await consume(bodies, async () => {
      contexts.push(parseTraceparent(outboundTraceHeaders().traceparent ?? '')?.traceId)
    })
    expect(lines.map(({ message }) => message)).toEqual(bodies.map(() => 'Message Handled'))
    expect(lines.map(({ traceId }) => traceId)).toEqual(contexts)
    expect(new Set(contexts).size).toBe(3)
    for (const line of lines) {
      expect(line.correlationId).toMatch(/^[A-Za-z0-9._-]{8,128}$/)
      expect(line).not.toHaveProperty('linkedTraceparent')
      expect(line).not.toHaveProperty('parentSpanId')
    }
  })
})
