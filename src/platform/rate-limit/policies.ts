import { HOUR_MS, MINUTE_MS } from '../clock.ts'
import { quotaOf, type Rule } from './limiter.ts'

export interface Policy {
  /**
   * Whose count it is: the caller is the user, or without one their address. Of a mail address that is named in the
   * body the count is one, wherever the calls come from.
   */
  by: 'user' | 'address' | 'caller' | 'mail-address'
  rule: Rule
  /**
   * Exact ones ask the limiter before anything happens. The others are counted by the isolate, which settles with the
   * limiter now and then (`leases.ts`): nobody waits for that.
   */
  exact: boolean
  /** Of an exact one, when the limiter does not answer: nobody passes, or the isolate counts by itself. */
  onOutage: 'closed' | 'local'
  /** Each route has a count of its own. */
  perRoute?: true
  /** Each API key has a count of its own; it holds for requests by a key, and no others. */
  perKey?: true
  /** What becomes of it once the route has answered with success; a failure of ours always gives back. */
  whenSucceeds?: 'forget' | 'give-back'
  /** Lock-outs protect an account, so `RATE_LIMIT_SCALE` leaves them alone. */
  isLockOut?: true
  /** After so many a route that says so demands a captcha, where one is configured; scaled like the rule. */
  captchaAfter?: number
  /**
   * Counts only what the route has refused, and refuses nobody itself: it is there for its `captchaAfter`. Where no
   * captcha is configured nothing is counted.
   */
  isAdvisory?: true
  /** Where going over it is more than haste. */
  refusal?: 'ADDRESS_BLOCKED'
}

function perMinute(limit: number): Rule {
  return { algorithm: 'sliding-window', limit, windowMs: MINUTE_MS }
}

const approximate = { exact: false, onOutage: 'local' } as const
const guarding = { by: 'address', exact: true, onOutage: 'closed' } as const

/** Every limit there is. The strictest of those that a request meets wins. */
export const POLICIES = {
  /** Stage one and everybody's headers: the caller's tier, counted by the platform too (wrangler.toml). */
  anonymous: { by: 'address', rule: perMinute(60), ...approximate },
  free: { by: 'user', rule: perMinute(100), ...approximate },
  basic: { by: 'user', rule: perMinute(1_000), ...approximate },
  premium: { by: 'user', rule: perMinute(10_000), ...approximate },
  enterprise: { by: 'user', rule: perMinute(100_000), ...approximate },

  /** One program, whatever its owner's tier: the others of that person go on when it runs wild. */
  'api-key': { by: 'user', rule: perMinute(600), ...approximate, perKey: true },
  /** Ways to act as somebody, made and taken away: each of it is told to its owner by mail, which is no way to fill it. */
  credentials: {
    by: 'user',
    exact: true,
    onOutage: 'local',
    rule: { algorithm: 'sliding-window', limit: 30, windowMs: HOUR_MS },
  },

  /** Reads that carry much. */
  data: { by: 'caller', rule: perMinute(100), ...approximate, perRoute: true },
  /** What costs us far more than a row. */
  expensive: { by: 'caller', rule: perMinute(5), exact: true, onOutage: 'local', perRoute: true },
  /** Sockets come in bursts when a deploy drops them, and rarely else. */
  sockets: {
    by: 'caller',
    rule: { algorithm: 'token-bucket', capacity: 10, refillPerSecond: 1 },
    exact: true,
    onOutage: 'local',
  },
  /** Moderators read each of them. */
  reports: { by: 'user', rule: { algorithm: 'sliding-window', limit: 20, windowMs: HOUR_MS }, ...approximate },

  /** What one person says in one room; counted by the room's object, over all of their sockets there. */
  'room-commands': {
    by: 'user',
    rule: { algorithm: 'token-bucket', capacity: 30, refillPerSecond: 10 },
    ...approximate,
  },

  'sign-in': { ...guarding, rule: perMinute(30) },
  register: { ...guarding, rule: { algorithm: 'sliding-window', limit: 20, windowMs: HOUR_MS }, captchaAfter: 5 },
  refresh: { ...guarding, rule: perMinute(60) },
  /** Of one account from one address. Taken before the password is looked at, so that many at once gain nothing. */
  'failed-sign-ins': {
    ...guarding,
    rule: { algorithm: 'sliding-window', limit: 5, windowMs: 15 * MINUTE_MS },
    whenSucceeds: 'forget',
    isLockOut: true,
    captchaAfter: 3,
  },
  /** Of one address over all accounts: a list of passwords is being tried. */
  'failed-sign-ins-of-address': {
    ...guarding,
    rule: { algorithm: 'sliding-window', limit: 50, windowMs: HOUR_MS },
    whenSucceeds: 'give-back',
    captchaAfter: 10,
    refusal: 'ADDRESS_BLOCKED',
  },
  /**
   * Of one account over all addresses: many programs guess at it. By the isolates, each of which learns of the others'
   * with the first failure that it sees itself; ten, so that each failure is told.
   */
  'failed-sign-ins-for': {
    by: 'mail-address',
    rule: { algorithm: 'sliding-window', limit: 10, windowMs: HOUR_MS },
    ...approximate,
    captchaAfter: 5,
    isAdvisory: true,
  },
  /** Mails that anybody may ask for: from one address, and for one mail address. */
  'forgot-password': { ...guarding, rule: perMinute(3), captchaAfter: 1 },
  'forgot-password-for': { ...guarding, by: 'mail-address', rule: perMinute(3) },
  'resend-verification': { ...guarding, rule: { algorithm: 'sliding-window', limit: 3, windowMs: 5 * MINUTE_MS } },
  'resend-verification-for': {
    ...guarding,
    by: 'mail-address',
    rule: { algorithm: 'sliding-window', limit: 3, windowMs: 5 * MINUTE_MS },
  },
  /** Tokens of mails, which somebody may guess at. */
  'mailed-tokens': { ...guarding, rule: perMinute(3), perRoute: true },
  /** Of somebody who is signed in, and must show once more that they know their password. */
  'own-password': {
    by: 'user',
    exact: true,
    onOutage: 'closed',
    rule: { algorithm: 'sliding-window', limit: 5, windowMs: 15 * MINUTE_MS },
    whenSucceeds: 'forget',
    isLockOut: true,
  },
  'change-email': {
    by: 'user',
    exact: true,
    onOutage: 'closed',
    rule: { algorithm: 'sliding-window', limit: 3, windowMs: 5 * MINUTE_MS },
  },
} as const satisfies Record<string, Policy>

export type PolicyName = keyof typeof POLICIES

export function policyOf(name: PolicyName): Policy {
  return POLICIES[name]
}

/** The rule as it holds here: every deployment has the same policies, times one setting. */
export function scaledRule({ rule, isLockOut }: Policy, scale: number): Rule {
  if (isLockOut || scale === 1) return rule
  const times = (figure: number) => Math.max(1, Math.round(figure * scale))
  return rule.algorithm === 'sliding-window'
    ? { ...rule, limit: times(rule.limit) }
    : { ...rule, capacity: times(rule.capacity), refillPerSecond: rule.refillPerSecond * scale }
}

/** The time in which the quota comes back, in whole seconds: the `w` of `RateLimit-Policy`. */
export function windowSeconds(rule: Rule): number {
  const ms = rule.algorithm === 'sliding-window' ? rule.windowMs : (quotaOf(rule) / rule.refillPerSecond) * 1_000
  return Math.ceil(ms / 1_000)
}
