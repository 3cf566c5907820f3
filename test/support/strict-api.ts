import type { env } from 'cloudflare:workers'
import { type Answer, type Api, createApi } from './api.ts'

type Options = NonNullable<Parameters<typeof createApi>[0]>

/** As in production; the platform's own stage is out of the way unless a test is about it. */
export function strictApi(options: Options = {}): Api {
  const open = { limit: async () => ({ success: true }) } as RateLimit
  const stage = {
    LIMIT_ANONYMOUS: open,
    LIMIT_FREE: open,
    LIMIT_BASIC: open,
    LIMIT_PREMIUM: open,
    LIMIT_ENTERPRISE: open,
  }
  return createApi({
    ...options,
    env: { ...stage, ...options.env },
    settings: { RATE_LIMIT_SCALE: '1', ...options.settings },
  })
}

let counter = 0
/** An address that no other test has used. */
export function newAddress(): string {
  counter += 1
  return `203.0.${Math.floor(counter / 200)}.${(counter % 200) + 1}`
}

/** What makes a request come from there. */
export function from(address: string) {
  return { headers: { 'cf-connecting-ip': address } }
}

/** The statuses of so many calls, one after the other. */
export async function times(n: number, call: () => Promise<Answer>): Promise<number[]> {
  const statuses: number[] = []
  for (let i = 0; i < n; i += 1) statuses.push((await call()).status)
  return statuses
}

/** What may become of a call to a limiter. */
export const LIMITER_FAILURES: [string, () => Promise<unknown>][] = [
  ['down', () => Promise.reject(new Error('internal error'))],
  ['slow', () => new Promise(() => undefined)],
  ['talking nonsense', async () => ({ ok: true, value: 'yes', spent: { rowsRead: 0, rowsWritten: 0 } })],
  ['silent about one of the limits', async () => ({ ok: true, value: [], spent: { rowsRead: 0, rowsWritten: 0 } })],
]

/** Its limiter answers everything by `take`. */
export function apiWithLimiter(take: () => Promise<unknown>, options: Options = {}): Api {
  return strictApi({
    ...options,
    env: { RATE_LIMITER: { getByName: () => ({ take, giveBack: take }) } as unknown as typeof env.RATE_LIMITER },
    settings: { RATE_LIMIT_TIMEOUT_MS: '100' },
  })
}
