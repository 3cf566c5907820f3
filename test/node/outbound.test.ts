import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

// The same module as in test/unit, in workerd, over sockets that really hang and break.

type Deed = (request: IncomingMessage, response: ServerResponse) => unknown
interface Received {
  atMs: number
  method: string
  body: string
  /** When the connection ended, whoever ended it. */
  closed: Promise<void>
}
interface Outcome {
  status?: number
  headers?: Record<string, string>
  body?: string
  code?: string
  why?: string
  attempts?: number
  durationMs: number
  warnings: number
}

const WORKER = fileURLToPath(new URL('../support/outbound-worker.ts', import.meta.url))
/** As fast as a test wants it; the policy is otherwise what it is. */
const QUICK = { initialDelayMs: 20, deadlineMs: 5_000 }
let deeds: Deed[] = []
let received: Received[] = []
let worker: Miniflare

const server = createServer((request, response) => {
  const deed = deeds[Math.min(received.length, deeds.length - 1)]
  const closed = new Promise<void>((resolve) => response.once('close', () => resolve()))
  const entry = { atMs: Date.now(), method: request.method ?? '', body: '', closed }
  received.push(entry)
  request.setEncoding('utf8').on('data', (text: string) => {
    entry.body += text
  })
  request.once('end', () => deed?.(request, response))
})
/** Nobody may ever call it. */
const secret = createServer((_request, response) => {
  secretCalls += 1
  response.end('the secrets of a private network')
})
let secretCalls = 0

const portOf = (one: typeof server) => (one.address() as AddressInfo).port
const listen = (one: typeof server) => new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))

beforeAll(async () => {
  await Promise.all([listen(server), listen(secret)])
  const { outputFiles } = await build({
    entryPoints: [WORKER],
    bundle: true,
    write: false,
    format: 'esm',
    external: ['node:*'],
    logLevel: 'error',
  })
  worker = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      compatibilityDate: '2026-10-01',
      cf: false,
      script: outputFiles[0]?.text ?? '',
    }),
  )
  // The time-outs below are short: starting workerd is none of their business.
  await call([fine])
})

afterAll(async () => {
  await worker.dispose()
  for (const one of [server, secret]) {
    one.closeAllConnections()
    one.close()
  }
})

beforeEach(() => {
  received = []
  secretCalls = 0
})

const answer =
  (status: number, headers: Record<string, string> = {}, body = 'hello'): Deed =>
  (_request, response) =>
    response.writeHead(status, headers).end(body)
const fine = answer(200)
const hang: Deed = () => undefined
const reset: Deed = (request) => request.socket.resetAndDestroy()
/** Promises a hundred bytes and sends five. */
const begin: Deed = (_request, response) => void response.writeHead(200, { 'content-length': '100' }).write('hello')
const breakOff: Deed = (request, response) => {
  begin(request, response)
  setTimeout(() => request.socket.resetAndDestroy(), 20)
}

/** Has workerd call a server that does these deeds, one after the other. */
async function call(todo: Deed[], options: { policy?: object; init?: object; port?: number } = {}): Promise<Outcome> {
  deeds = todo
  const host = `127.0.0.1:${options.port ?? portOf(server)}`
  const policy = { name: 'server', allowedHosts: [host], timeoutMs: 500, retry: QUICK, ...options.policy }
  const order = { policy, url: `http://${host}/`, init: options.init ?? {} }
  const response = await worker.dispatchFetch('http://worker/', { method: 'POST', body: JSON.stringify(order) })
  const text = await response.text()
  if (response.status !== 200) throw new Error(text)
  return JSON.parse(text) as Outcome
}

describe('an outbound call over a real network', () => {
  it.each<[string, Deed]>([
    ['a 503', answer(503)],
    ['a reset', reset],
    ['silence', hang],
    ['half a body and silence', begin],
    ['half a body and a reset', breakOff],
  ])('survives %s by asking again (R38.2)', async (_what, deed) => {
    const outcome = await call([deed, fine])
    expect(outcome).toMatchObject({ status: 200, body: 'hello', warnings: 1 })
    expect(received).toHaveLength(2)
  })

  it('ends in an outage after three resets, and at a port that nobody listens at (R38.1)', async () => {
    const lost = { code: 'UNAVAILABLE', why: 'no connection', attempts: 3, warnings: 3 }
    expect(await call([reset])).toMatchObject(lost)
    expect(received).toHaveLength(3)
    const closing = createServer()
    await listen(closing)
    const port = portOf(closing)
    await new Promise((resolve) => closing.close(resolve))
    expect(await call([], { port })).toMatchObject(lost)
  })

  it('closes an attempt that it gave up before it makes the next one (R38.2)', async () => {
    const afterClose: Deed = async (request, response) => {
      await received[0]?.closed
      fine(request, response)
    }
    expect(await call([hang, afterClose])).toMatchObject({ status: 200, warnings: 1 })
  })

  it('ends in an outage when each attempt, or the whole call, takes too long (R38.2)', async () => {
    const each = await call([hang])
    expect(each).toMatchObject({ code: 'DEADLINE_EXCEEDED', why: 'no answer within 500 ms', attempts: 3 })
    expect(each.durationMs).toBeLessThan(3_000)
    expect(received).toHaveLength(3)
    const all = await call([hang], { policy: { timeoutMs: 60_000, retry: { ...QUICK, deadlineMs: 300 } } })
    expect(all).toMatchObject({ code: 'DEADLINE_EXCEEDED', why: 'the deadline', attempts: 1 })
  })

  it('does not wait for the end of an answer that is too large', async () => {
    const endless: Deed = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      }
      response.writeHead(200).on('drain', more)
      more()
    }
    expect(await call([endless])).toMatchObject({ why: 'The answer is larger than 1048576 bytes', attempts: 1 })
  })

  it('waits as long as a 429 asks for, by the server’s own watch (R38.2)', async () => {
    expect(await call([answer(429, { 'retry-after': '1' }), fine])).toMatchObject({ status: 200 })
    const [first, second] = received
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990)
  })

  it('gives a 429 that asks for too much back at once, with its body (R38.2)', async () => {
    const outcome = await call([answer(429, { 'retry-after': '60' }, 'later')])
    expect(outcome).toMatchObject({ status: 429, body: 'later', headers: { 'retry-after': '60' } })
    expect(received).toHaveLength(1)
  })

  it('repeats a POST with its body under an Idempotency-Key, and none without (R38.2)', async () => {
    const post = { method: 'POST', body: '{"amount":7}' }
    expect(await call([reset, fine], { init: post })).toMatchObject({ code: 'UNAVAILABLE', attempts: 1 })
    expect(received).toHaveLength(1)
    received = []
    const keyed = { ...post, headers: { 'idempotency-key': 'payment:1:1' } }
    expect(await call([reset, answer(503), fine], { init: keyed })).toMatchObject({ status: 200 })
    expect(received.map(({ method, body }) => [method, body])).toEqual(Array(3).fill(['POST', post.body]))
  })

  it('follows a redirect to its own host, and none into the network around it (R45.10)', async () => {
    expect(await call([answer(302, { location: '/elsewhere' }), fine])).toMatchObject({ status: 200, warnings: 0 })
    for (const location of [
      `http://127.0.0.1:${portOf(secret)}/`,
      `http://localhost:${portOf(secret)}/`,
      `http://[::ffff:7f00:1]:${portOf(secret)}/`,
      'http://169.254.169.254/latest/meta-data',
    ]) {
      const refused = await call([answer(307, { location })])
      expect(refused).toMatchObject({ code: 'UNAVAILABLE', why: 'a redirect that cannot be followed', attempts: 1 })
    }
    expect(secretCalls).toBe(0)
  })

  it('hands on a body that came compressed as the text that it is', async () => {
    const compressed: Deed = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello'))
    const outcome = await call([compressed])
    expect(outcome).toMatchObject({ status: 200, body: 'hello' })
    expect(outcome.headers).not.toHaveProperty('content-encoding')
  })
})
