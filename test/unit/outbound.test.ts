import { describe, expect, it, vi } from 'vitest'
import { childScope, withScope } from '../../src/platform/observability/scope.ts'
import { parseTraceparent } from '../../src/platform/observability/trace-context.ts'
import { Outage } from '../../src/platform/resilience/outage.ts'
import { createOutbound, type Outbound } from '../../src/platform/resilience/outbound.ts'
import { retryAfterMs } from '../../src/platform/resilience/retry-after.ts'
import { RetryBudget } from '../../src/platform/resilience/retry-budget.ts'
import { createApi } from '../support/api.ts'
import { createOutside, type Deed, endlessBody, HOST } from '../support/outside.ts'

const URL_OF_IT = `https://${HOST}/v1/things`
const status =
  (code: number, headers: Record<string, string> = {}): Deed =>
  () =>
    new Response(`${code}`, { status: code, headers })
const fine = status(200)

describe('an outbound call', () => {
  it('asks again after a lost connection, a 5xx and a 429 (R38.2)', async () => {
    for (const deed of ['lost', 'silent', ...[429, 500, 502, 503, 504, 599].map((code) => status(code))] as Deed[]) {
      const { settle, requests } = createOutside([deed, fine])
      const response = await settle(URL_OF_IT)
      expect([response.status, await response.text(), requests.length]).toEqual([200, '200', 2])
    }
  })

  it('takes every other answer as it is, refused credentials and 501 and 505 included (R38.2)', async () => {
    for (const code of [200, 201, 204, 304, 400, 401, 403, 404, 408, 409, 422, 501, 505]) {
      const answer = () => new Response(code === 204 || code === 304 ? null : 'x', { status: code })
      const { settle, requests, warnings } = createOutside([answer, fine])
      expect([(await settle(URL_OF_IT)).status, requests.length, warnings]).toEqual([code, 1, []])
    }
  })

  it('returns the last answer when none was good, after three attempts 1 s and 2 s apart (R38.1, R38.2)', async () => {
    const { settle, requests, time } = createOutside([status(503), status(502), status(500, { 'x-last': 'yes' })])
    const startedMs = time.clock()
    const response = await settle(URL_OF_IT)
    expect([response.status, response.headers.get('x-last'), await response.text()]).toEqual([500, 'yes', '500'])
    expect([requests.length, time.clock() - startedMs, time.pending()]).toEqual([3, 3_000, 0])
  })

  it('cuts each silent attempt, and all of them at the deadline (R38.2)', async () => {
    const { settle, requests, time, warnings } = createOutside(['silent'], { timeoutMs: 5_000 })
    const startedMs = time.clock()
    await expect(settle(URL_OF_IT)).rejects.toMatchObject({
      name: 'Outage',
      code: 'DEADLINE_EXCEEDED',
      facts: { dependency: 'example', why: 'the deadline', attempts: 2, durationMs: 10_000 },
    })
    // 5 s, a wait of 1 s, and 4 s of the second one.
    expect([requests.length, time.clock() - startedMs, time.pending()]).toEqual([2, 10_000, 0])
    expect(warnings).toMatchObject([
      { durationMs: 5_000, delayMs: 1_000 },
      { durationMs: 4_000, givesUp: 'deadline' },
    ])
  })

  it('counts the body into the attempt: what breaks off or stops in its midst is asked for again (R38.2)', async () => {
    const broken = () =>
      new Response(
        new ReadableStream({ pull: (controller) => controller.error(new Error('Network connection lost.')) }),
      )
    const stuck = endlessBody()
    const { settle, requests } = createOutside([broken, () => new Response(stuck.stream), fine])
    expect(await (await settle(URL_OF_IT)).text()).toBe('200')
    expect(requests).toHaveLength(3)
  })

  it('refuses an answer that is too large, once, and lets go of the rest', async () => {
    const { stream, isCancelled } = endlessBody()
    const { settle, requests } = createOutside([() => new Response(stream), fine], { maxAnswerBytes: 4 })
    await expect(settle(URL_OF_IT)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      facts: { why: 'The answer is larger than 4 bytes', attempts: 1 },
    })
    expect([requests.length, isCancelled()]).toEqual([1, true])
    expect((await createOutside([fine], { maxAnswerBytes: 3 }).settle(URL_OF_IT)).status).toBe(200)
  })

  it('hands on the decoded body without the headers that spoke of the encoded one', async () => {
    const gzip = { 'content-encoding': 'gzip', 'content-length': '3', 'content-type': 'text/plain' }
    const { settle } = createOutside([() => new Response('text', { headers: gzip, encodeBody: 'manual' })])
    const response = await settle(URL_OF_IT)
    expect([...response.headers.keys()]).toEqual(['content-type'])
  })

  it('ends with the signal of its caller, whose reason it throws as it is, and logs nothing', async () => {
    // The second one is what an outer retry aborts with: the outage is not this dependency's.
    const outer = new Outage('DEADLINE_EXCEEDED', { why: 'the deadline', attempts: 1, durationMs: 10 })
    for (const reason of [new Error('the caller has gone'), outer]) {
      const { call, requests, time, warnings } = createOutside(['silent'])
      const caller = new AbortController()
      const settled = expect(call(URL_OF_IT, { signal: caller.signal })).rejects.toBe(reason)
      await time.advance(10)
      caller.abort(reason)
      await settled
      expect([requests.length, warnings, time.pending()]).toEqual([1, [], 0])
    }
  })

  it('fits where an SDK wants a fetch', async () => {
    const { call } = createOutside([fine])
    const sdk: typeof fetch = call
    expect((await sdk(new Request(URL_OF_IT))).status).toBe(200)
  })

  it('throws what fetch would for a request that cannot be made, and does not ask again', async () => {
    const { settle, requests } = createOutside([fine])
    await expect(settle(URL_OF_IT, { method: 'GET', body: 'x' })).rejects.toThrow(TypeError)
    await expect(settle('/v1/things')).rejects.toMatchObject({ name: 'OutboundRefused' })
    expect(requests).toHaveLength(0)
  })
})

describe('a repeat', () => {
  it('is made of GET, HEAD, PUT and DELETE, and of a POST or PATCH with an Idempotency-Key only (R38.2)', async () => {
    const tries = async (method: string, headers: Record<string, string> = {}) => {
      const { settle, requests } = createOutside(['lost', status(503), () => new Response(null)])
      await settle(URL_OF_IT, { method, headers }).catch(() => undefined)
      return requests.length
    }
    for (const method of ['GET', 'head', 'OPTIONS', 'PUT', 'DELETE'])
      expect([method, await tries(method)]).toEqual([method, 3])
    for (const method of ['POST', 'PATCH']) {
      expect([method, await tries(method)]).toEqual([method, 1])
      expect([method, await tries(method, { 'idempotency-key': '' })]).toEqual([method, 1])
      expect([method, await tries(method, { 'Idempotency-Key': 'payment:1:1' })]).toEqual([method, 3])
    }
  })

  it('sends the same body and headers again, whatever kind of body it is (R38.2)', async () => {
    const bodies: [BodyInit | (() => BodyInit), string][] = [
      ['{"a":1}', '{"a":1}'],
      [new TextEncoder().encode('bytes'), 'bytes'],
      [new URLSearchParams({ a: 'b c' }), 'a=b+c'],
      [new Blob(['blob']), 'blob'],
      [() => new Blob(['stream']).stream(), 'stream'],
    ]
    for (const [body, text] of bodies) {
      const { settle, requests } = createOutside(['lost', fine])
      await settle(URL_OF_IT, { method: 'PUT', body, headers: { 'x-kept': 'yes' } })
      expect(requests.map((sent) => [sent.body, sent.headers.get('x-kept')])).toEqual([
        [text, 'yes'],
        [text, 'yes'],
      ])
    }
  })

  it('is never made of a stream, nor of a Request that has a body, which is one (R38.2)', async () => {
    const stream = new Blob(['once']).stream()
    const calls: Parameters<Outbound>[] = [
      [URL_OF_IT, { method: 'PUT', body: stream }],
      [new Request(URL_OF_IT, { method: 'PUT', body: 'once' })],
    ]
    for (const asked of calls) {
      const { settle, requests, warnings } = createOutside([status(503), fine])
      expect((await settle(...asked)).status).toBe(503)
      expect(requests.map(({ body }) => body)).toEqual(['once'])
      expect(warnings).toMatchObject([{ status: 503, givesUp: 'not retryable' }])
    }
  })
})

describe('Retry-After', () => {
  it.each([
    ['seconds', '7'],
    ['a date', 'Sun, 01 Mar 2026 12:00:07 GMT'],
  ])('is waited for, given as %s (R38.2)', async (_form, value) => {
    for (const code of [429, 503]) {
      const { settle, time, requests } = createOutside([status(code, { 'retry-after': value }), fine])
      const startedMs = time.clock()
      expect((await settle(URL_OF_IT)).status).toBe(200)
      expect([time.clock() - startedMs, requests.length]).toEqual([7_000, 2])
    }
  })

  it('does not make a wait shorter than our own', async () => {
    const { settle, time } = createOutside([status(429, { 'retry-after': '0' }), fine])
    const startedMs = time.clock()
    await settle(URL_OF_IT)
    expect(time.clock() - startedMs).toBe(1_000)
  })

  it('beyond the deadline gives the answer back at once, for the caller to read (R38.2)', async () => {
    const { settle, time, requests, warnings } = createOutside([status(429, { 'retry-after': '10' }), fine])
    const startedMs = time.clock()
    const response = await settle(URL_OF_IT)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '10'])
    expect([time.clock() - startedMs, requests.length]).toEqual([0, 1])
    expect(warnings).toMatchObject([{ status: 429, givesUp: 'deadline' }])
  })

  it.each([
    ['3', 3_000],
    [' 3 ', 3_000],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:00:05 GMT', 5_000],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
    ['Sun, 99 Mar 2026 12:00:05 GMT', undefined],
    ['2026-03-01T12:00:05Z', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('of %j is %j ms', (value, expected) => {
    expect(retryAfterMs(new Headers({ 'retry-after': value }), Date.parse('2026-03-01T12:00:00Z'))).toBe(expected)
  })
})

describe('the retry budget of a dependency', () => {
  it('holds all requests together below 1.2 times the calls while everything fails (S12)', async () => {
    const { call, time, requests } = createOutside(['lost'])
    const all = Promise.allSettled(Array.from({ length: 1_000 }, () => call(URL_OF_IT)))
    await time.settle(all)
    expect(requests.length).toBeGreaterThan(1_000)
    expect(requests.length).toBeLessThanOrEqual(1_200)
  })

  it('is its own, so that one outage takes no retry from another dependency, unless they share one', async () => {
    const failing = createOutside(['lost'])
    for (let sent = 0; sent < 5; sent += 1) await failing.settle(URL_OF_IT).catch(() => undefined)
    expect(failing.requests).toHaveLength(5 + 2)
    expect(failing.warnings.at(-1)).toMatchObject({ givesUp: 'budget' })
    expect((await createOutside(['lost', fine]).settle(URL_OF_IT)).status).toBe(200)

    const ports = { budget: new RetryBudget({ share: 0, firstRetries: 0 }) }
    const spent = createOutside([status(503), fine], { ports })
    expect([(await spent.settle(URL_OF_IT)).status, spent.requests.length]).toEqual([503, 1])
  })
})

describe('what is sent along', () => {
  it('is the trace and the correlation id of the request under way, each attempt as a span of its own (R42.4, R41.4)', async () => {
    const scope = childScope({ correlationId: 'request-0001' })
    const { call, time, requests } = createOutside(['lost', fine])
    await withScope(scope, () => time.settle(call(URL_OF_IT)))
    const spans = requests.map(({ headers }) => parseTraceparent(headers.get('traceparent') ?? ''))
    expect(spans.map((span) => span?.traceId)).toEqual([scope.span.traceId, scope.span.traceId])
    expect(new Set([scope.span.spanId, ...spans.map((span) => span?.spanId)]).size).toBe(3)
    expect(requests.map(({ headers }) => headers.get('x-correlation-id'))).toEqual(['request-0001', 'request-0001'])
  })

  it('is a trace of its own where there is no request, and never replaces what the caller set', async () => {
    const { settle, requests } = createOutside([fine])
    await settle(URL_OF_IT)
    await withScope(childScope({ correlationId: 'request-0001' }), () =>
      settle(URL_OF_IT, { headers: { traceparent: 'theirs' } }),
    )
    expect(parseTraceparent(requests[0]?.headers.get('traceparent') ?? '')).toBeDefined()
    expect(requests[1]?.headers.get('traceparent')).toBe('theirs')
    expect(requests[1]?.headers.get('x-correlation-id')).toBe('request-0001')
  })
})

describe('the log of outbound calls', () => {
  it('has a line for each failed attempt: who, what, how long and what follows, without secrets', async () => {
    const slow: Deed = () =>
      new Promise((resolve) => void time.sleep(200).then(() => resolve(new Response('', { status: 503 }))))
    const { settle, time, warnings } = createOutside([slow, 'lost', 'silent'])
    await settle(`${URL_OF_IT}?token=hush&page=2`).catch(() => undefined)
    const said = { dependency: 'example', method: 'GET', host: HOST, url: '/v1/things?token=***REDACTED***&page=2' }
    expect(warnings).toEqual([
      { ...said, attempt: 1, durationMs: 200, status: 503, delayMs: 1_000 },
      {
        ...said,
        attempt: 2,
        durationMs: 0,
        error: expect.objectContaining({ message: 'no connection' }),
        delayMs: 2_000,
      },
      {
        ...said,
        attempt: 3,
        durationMs: 3_000,
        error: expect.objectContaining({ message: 'no answer within 3000 ms' }),
        givesUp: 'attempts',
      },
    ])
  })

  it('hides a path that is a credential', async () => {
    const { settle, warnings } = createOutside([status(500)], { hasSecretPath: true })
    await settle(`https://${HOST}/services/T0/B0/hush`)
    expect(JSON.stringify(warnings)).not.toContain('hush')
  })
})

describe('a dependency that is down', () => {
  it.each<[string, Deed, number, string, string]>([
    ['a lost connection', 'lost', 503, 'UNAVAILABLE', 'example: no connection; 3 attempts in 3000 ms'],
    ['silence', 'silent', 504, 'DEADLINE_EXCEEDED', 'example: no answer within 1000 ms; 3 attempts in 6000 ms'],
  ])(
    'is told at the HTTP border as what it is, its name in the log only: %s',
    async (_what, deed, code, word, reason) => {
      const outside = createOutside([deed], { timeoutMs: 1_000 })
      const api = createApi()
      api.app.get('/v1/outside', async () => outside.settle(URL_OF_IT))
      const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
      const { status: answered, body, headers } = await api.get('/v1/outside')
      const lines = said.mock.calls.map(([line]) => String(line))
      said.mockRestore()
      expect([answered, body.code]).toEqual([code, word])
      expect(headers.get('retry-after')).toBe(code === 503 ? '5' : null)
      expect(JSON.stringify(body)).not.toContain('example')
      expect(lines).toEqual([expect.stringContaining(reason)])
    },
  )
})

describe('a call that the policy does not allow', () => {
  it('is a mistake of ours: a 500 that tells nothing, and the host in the log (R45.10)', async () => {
    const outside = createOutside([fine])
    const api = createApi()
    api.app.get('/v1/outside', async () => outside.settle('https://evil.example.net/?token=hush'))
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { status: answered, body } = await api.get('/v1/outside')
    const lines = said.mock.calls.map(([line]) => String(line)).join()
    said.mockRestore()
    expect([answered, body.code]).toEqual([500, 'INTERNAL_ERROR'])
    expect(lines).toContain('example may not call https://evil.example.net: the host is not on its list')
    expect(lines).not.toContain('hush')
  })
})

describe('a policy', () => {
  it.each([
    ['timeoutMs', { timeoutMs: 0 }],
    ['maxRedirects', { maxRedirects: 1.5 }],
    ['maxAnswerBytes', { maxAnswerBytes: -1 }],
    ['maxAttempts', { retry: { maxAttempts: 0 } }],
    ['share', { budget: { share: 2 } }],
  ])('that makes no sense is refused where it is declared: %s', (name, wrong) => {
    const { log } = createApi().isolate
    expect(() => createOutbound({ name: 'example', allowedHosts: [HOST], ...wrong }, { log })).toThrow(name)
  })
})
