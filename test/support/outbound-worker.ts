import type { Fields, Logger } from '../../src/platform/observability/log.ts'
import { Outage } from '../../src/platform/resilience/outage.ts'
import { createOutbound, type OutboundPolicy } from '../../src/platform/resilience/outbound.ts'

/** What a test in Node asks this Worker to do, so that it is workerd's own network that fails. */
interface Order {
  policy: OutboundPolicy
  url: string
  init: RequestInit
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { policy, url, init } = await request.json<Order>()
    const warnings: Fields[] = []
    const call = createOutbound(policy, { log: logInto(warnings), allowLoopback: true })
    const startedMs = Date.now()
    const outcome = await call(url, init).then(
      async (response) => ({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      }),
      (error: unknown) => {
        if (!(error instanceof Outage)) throw error
        return { code: error.code, why: error.facts.why, attempts: error.facts.attempts }
      },
    )
    return Response.json({ ...outcome, durationMs: Date.now() - startedMs, warnings: warnings.length })
  },
}

function logInto(warnings: Fields[]): Logger {
  const say = () => undefined
  return {
    debug: say,
    info: say,
    error: say,
    warn: (_message, fields = {}) => warnings.push(fields),
    isEnabled: () => true,
  }
}
