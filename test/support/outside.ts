import type { Fields, Logger } from '../../src/platform/observability/log.ts'
import {
  createOutbound,
  type Outbound,
  type OutboundPolicy,
  type OutboundPorts,
} from '../../src/platform/resilience/outbound.ts'
import { createFakeTime, type FakeTime } from './fake-time.ts'

/** What the outside does with one request: answers, loses the connection, or is silent until nobody waits any more. */
export type Deed = ((request: Request) => Response | Promise<Response>) | 'lost' | 'silent'

export interface Outside {
  call: Outbound
  time: FakeTime
  /** All requests that reached it, with the body as text. */
  requests: { method: string; url: string; headers: Headers; body: string }[]
  /** What was logged as a warning. */
  warnings: Fields[]
  /** Makes a call and lets as much time pass as it needs. */
  settle(...asked: Parameters<Outbound>): Promise<Response>
}

export interface OutsideOptions extends Partial<OutboundPolicy> {
  ports?: Partial<OutboundPorts>
}

export const HOST = 'api.example.com'

/** An outbound to a dependency that does these deeds one after the other, and the last one for ever. */
export function createOutside(deeds: Deed[], { ports, ...policy }: OutsideOptions = {}): Outside {
  const time = createFakeTime()
  const requests: Outside['requests'] = []
  const warnings: Fields[] = []
  const fetch = async (request: Request): Promise<Response> => {
    const { method, url, headers } = request
    const deed = deeds[Math.min(requests.length, deeds.length - 1)]
    const entry = { method, url, headers, body: '' }
    requests.push(entry)
    entry.body = new TextDecoder().decode(await request.clone().arrayBuffer())
    if (deed === 'lost') throw Object.assign(new Error('Network connection lost.'), { retryable: true })
    if (typeof deed === 'function') return deed(request)
    return new Promise((_resolve, reject) => {
      request.signal.addEventListener('abort', () => reject(new Error('aborted')))
    })
  }
  const call = createOutbound(
    { name: 'example', allowedHosts: [HOST], ...policy },
    { log: quietLog((fields) => warnings.push(fields)), fetch, ...time, ...ports },
  )
  return { call, time, requests, warnings, settle: (...asked) => time.settle(call(...asked)) }
}

function quietLog(warn: (fields: Fields) => void): Logger {
  const say = () => undefined
  return { debug: say, info: say, error: say, warn: (_message, fields = {}) => warn(fields), isEnabled: () => true }
}

/** A body of one chunk and no end, and whether somebody has let go of it. */
export function endlessBody(): { stream: ReadableStream<Uint8Array>; isCancelled: () => boolean } {
  let isCancelled = false
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('begun')),
    cancel: () => {
      isCancelled = true
    },
  })
  return { stream, isCancelled: () => isCancelled }
}
