import { describe, expect, it } from 'vitest'
import { Tick } from '../../durable-objects/shared/tick.ts'
import { currentCall, inCall, outboundTraceHeaders } from '../../src/platform/call.ts'
import {
  childScope,
  consumerScope,
  currentScope,
  rootScope,
  type Scope,
  withScope,
} from '../../src/platform/observability/scope.ts'
import { formatTraceparent, parseTraceparent } from '../../src/platform/observability/trace-context.ts'

const caller = {
  correlationId: 'caller-0001',
  traceparent: '00-3f8a1c5e7b9d2046813579bdf02468ac-7c1e5a9d3b8f2460-01',
  tracestate: 'rojo=1,congo=2',
}
const { traceId, spanId } = parseTraceparent(caller.traceparent) ?? {}
const invalid = { traceparent: 'nonsense', tracestate: 'rojo=1', correlationId: 'no\nid' }

describe('the scope of work', () => {
  it('that its caller waits for is a child of the caller’s span (R42.4)', () => {
    expect(childScope(caller)).toEqual({
      correlationId: 'caller-0001',
      span: { traceId, spanId: expect.any(String), parentSpanId: spanId, flags: 1, tracestate: caller.tracestate },
    })
  })

  it('of a message is of the producer’s trace and linked to the producer (R42.6)', () => {
    const { correlationId, span, linkedTraceparent } = consumerScope(caller)
    expect([correlationId, span.traceId, span.parentSpanId]).toEqual(['caller-0001', traceId, spanId])
    expect(linkedTraceparent).toBe(caller.traceparent)
    // Each try is a span of its own.
    expect(consumerScope(caller).span.spanId).not.toBe(span.spanId)
  })

  it('that goes on by itself is a trace of its own, with the correlation id of its cause and linked to it (R42.6)', () => {
    const { correlationId, span, linkedTraceparent } = rootScope(caller)
    expect([correlationId, linkedTraceparent]).toEqual(['caller-0001', caller.traceparent])
    expect(span.traceId).not.toBe(traceId)
    expect(span).toMatchObject({ tracestate: '' })
    expect(span).not.toHaveProperty('parentSpanId')
  })

  it.each([
    ['nothing', {}],
    ['nothing valid', invalid],
    ['an empty traceparent', { traceparent: '' }],
  ])('whose cause says %s has ids of its own, and no link (R41.4, R42.6)', (_title, given) => {
    for (const scope of [childScope(given), consumerScope(given), rootScope(given)]) {
      expect(scope).toEqual({
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        span: {
          traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
          spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
          flags: 3,
          tracestate: '',
        },
      })
    }
  })
})

describe('a call out', () => {
  it('over HTTP carries the current span, what other systems said, and the correlation id (R41.4, R42.4)', () => {
    withScope(childScope(caller), () => {
      const own = currentScope()?.span.spanId
      expect(outboundTraceHeaders()).toEqual({
        traceparent: `00-${traceId}-${own}-01`,
        tracestate: 'rojo=1,congo=2',
        'X-Correlation-Id': 'caller-0001',
      })
    })
  })

  it('over HTTP sends no empty tracestate, and is traced also where nothing was (R42.4)', () => {
    const headers = outboundTraceHeaders()
    expect(Object.keys(headers)).toEqual(['traceparent', 'X-Correlation-Id'])
    expect(parseTraceparent(headers.traceparent ?? '')).toBeDefined()
    // They are headers: no value of theirs can be refused.
    expect(new Headers(headers).get('x-correlation-id')).toBe(headers['X-Correlation-Id'])
  })

  it('that is tried again within a span of its own gives each try another parent id (R42.4)', () => {
    withScope(childScope(caller), () => {
      const tries = [1, 2].map(() =>
        inCall(currentCall(), () => parseTraceparent(outboundTraceHeaders().traceparent ?? '')),
      )
      expect(tries.map((sent) => sent?.traceId)).toEqual([traceId, traceId])
      expect(new Set([spanId, currentScope()?.span.spanId, ...tries.map((sent) => sent?.spanId)]).size).toBe(4)
    })
  })

  it('to an object makes a span there whose parent is the caller’s (R42.4)', () => {
    withScope(childScope(caller), () => {
      const outer = currentScope() as Scope
      const inner = inCall(currentCall(), () => currentScope() as Scope)
      expect(inner.correlationId).toBe(outer.correlationId)
      expect(inner.span).toMatchObject({ traceId, parentSpanId: outer.span.spanId, tracestate: 'rojo=1,congo=2' })
      expect(currentCall().traceparent).toBe(formatTraceparent(outer.span))
    })
  })
})

describe('a tick', () => {
  it('ends in the scope of its first item, whoever ends it (R41.4)', () => {
    const ends: (string | undefined)[] = []
    const tick = new Tick<string>(
      () => ends.push(currentScope()?.correlationId),
      () => 1,
    )
    const as = (correlationId: string, run: () => void) => withScope(rootScope({ correlationId }), run)
    as('first-item', () => tick.add('a'))
    as('second-item', () => tick.add('b'))
    as('somebody-else', () => tick.end())
    as('nobody-waits', () => tick.end())
    as('third-item', () => tick.add('c'))
    tick.end()
    expect(ends).toEqual(['first-item', 'third-item'])
  })
})
