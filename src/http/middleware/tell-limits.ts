import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { quotaOf } from '../../platform/rate-limit/limiter.ts'
import { windowSeconds } from '../../platform/rate-limit/policies.ts'
import type { Told } from '../../platform/rate-limit/rate-limits.ts'
import type { AppEnv } from '../app-env.ts'
import { takeLeases } from '../limits.ts'

/**
 * Says on every answer, refusals included, what the caller may still do. `X-RateLimit-*` tell of the limit that is
 * nearest (`Reset` in seconds since the epoch), `RateLimit` and `RateLimit-Policy` of each one, by the draft
 * draft-ietf-httpapi-ratelimit-headers.
 */
export function tellLimits() {
  return createMiddleware<AppEnv>(async function tellRateLimits(c, next) {
    await next()
    const told = correctedTier(c)
    const nearest = told.toSorted((a, b) => shareLeft(a) - shareLeft(b))[0]
    const { webSocket, headers } = c.res
    if (!nearest || webSocket) return
    const { rule, standing } = nearest
    headers.set('X-RateLimit-Limit', String(quotaOf(rule)))
    headers.set('X-RateLimit-Remaining', String(standing.remaining))
    headers.set('X-RateLimit-Reset', String(Math.ceil((c.get('isolate').clock() + standing.resetMs) / 1_000)))
    headers.set(
      'RateLimit-Policy',
      told.map((each) => `"${each.name}";q=${quotaOf(each.rule)};w=${windowSeconds(each.rule)}`).join(', '),
    )
    headers.set(
      'RateLimit',
      told.map((each) => `"${each.name}";r=${each.standing.remaining};t=${seconds(each)}`).join(', '),
    )
  })
}

/** A caller whose tier was not known yet counted as the lowest; by now their session has been read. */
function correctedTier(c: Context<AppEnv>): Told[] {
  const caller = c.get('caller')
  const told = c.get('told') ?? []
  const isolate = c.get('isolate')
  const tier = caller?.kind === 'user' ? isolate.sessions.tierOf(caller.userId) : undefined
  if (tier === undefined || !told[0]?.standing.allowed || told[0].name === tier) return told
  return [...takeLeases(c, [tier]), ...told.slice(1)]
}

function seconds({ standing }: Told): number {
  return Math.ceil((standing.allowed ? standing.resetMs : standing.retryAfterMs) / 1_000)
}

function shareLeft({ standing, rule }: Told): number {
  return standing.allowed ? standing.remaining / quotaOf(rule) : -1
}
