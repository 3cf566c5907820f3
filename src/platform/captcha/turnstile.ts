import * as z from 'zod'
import { SECOND_MS } from '../clock.ts'
import { Outage } from '../resilience/outage.ts'
import { createOutbound, type OutboundPorts } from '../resilience/outbound.ts'
import { type Captcha, LEAST_SCORE } from './captcha.ts'

const PROVIDER = 'turnstile'

/** A `score` comes from services that speak the same dialect; Turnstile itself says yes or no. */
const Verdict = z.object({
  success: z.boolean(),
  'error-codes': z.array(z.string()).default([]),
  hostname: z.string().optional(),
  action: z.string().optional(),
  score: z.number().optional(),
})

/** Codes that are about us and not about the token: nobody was checked. */
const NOT_CHECKED = new Set(['missing-input-secret', 'invalid-input-secret', 'bad-request', 'internal-error'])

export interface TurnstileOptions {
  siteKey: string
  secretKey: string
  /** `https://challenges.cloudflare.com`, or a double. */
  apiUrl: string
  /** Of the pages on which the widget may have stood; undefined: any, as with the keys that Cloudflare has for tests. */
  hostnames?: readonly string[] | undefined
}

/**
 * Cloudflare Turnstile (developers.cloudflare.com/turnstile/get-started/server-side-validation). Siteverify knows a
 * repeat by `idempotency_key`, so a check whose answer was lost is made again; the header of that name tells our own
 * way out that it may be.
 */
export function createTurnstile(options: TurnstileOptions, ports: OutboundPorts): Captcha {
  const { siteKey, secretKey, apiUrl, hostnames } = options
  const url = new URL('/turnstile/v0/siteverify', apiUrl)
  const call = createOutbound(
    {
      name: PROVIDER,
      allowedHosts: [url.host],
      timeoutMs: 4 * SECOND_MS,
      // Somebody waits for it.
      retry: { maxAttempts: 2, initialDelayMs: 200, deadlineMs: 9 * SECOND_MS },
      maxRedirects: 0,
      maxAnswerBytes: 16 * 1024,
    },
    ports,
  )
  return {
    siteKey,
    async verify({ token, action, ip }) {
      const key = crypto.randomUUID()
      const answer = await call(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({
          secret: secretKey,
          response: token,
          ...(ip === null ? {} : { remoteip: ip }),
          idempotency_key: key,
        }),
      })
      const verdict = Verdict.safeParse(await answer.json().catch(() => undefined)).data
      if (!verdict) throw notChecked(`status ${answer.status}, and no verdict`)
      const codes = verdict['error-codes']
      if (!verdict.success) {
        if (codes.some((code) => NOT_CHECKED.has(code))) throw notChecked(codes.join(', '))
        return false
      }
      return (
        (verdict.score ?? 1) >= LEAST_SCORE &&
        // Widgets without an action leave it out or empty.
        (!verdict.action || verdict.action === action) &&
        (hostnames === undefined || hostnames.includes(verdict.hostname ?? ''))
      )
    },
  }
}

function notChecked(why: string): Outage {
  return new Outage('UNAVAILABLE', { dependency: PROVIDER, why, attempts: 1, durationMs: 0 })
}
