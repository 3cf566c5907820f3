import { Refusal } from '../errors.ts'
import { type Ask, quotaOf, type Rule, type Standing } from './limiter.ts'
import { type Policy, type PolicyName, policyOf, scaledRule } from './policies.ts'

/** One policy as a request meets it: whose count, which bucket, by which rule. */
export interface Demand {
  name: PolicyName
  policy: Policy
  ask: Ask
}

/** What became of a demand, for the headers. */
export interface Told {
  name: PolicyName
  rule: Rule
  standing: Standing
}

/** `route` is `METHOD /template`; `key` tells counts of one subject apart, an account's hash for one. */
export function demandOf(name: PolicyName, scale: number, route: string, key?: string): Demand {
  const policy = policyOf(name)
  const parts = [name, ...(policy.perRoute ? [route] : []), ...(key === undefined ? [] : [key])]
  return { name, policy, ask: { bucket: parts.join(':'), rule: scaledRule(policy, scale) } }
}

export function toldOf(demands: readonly Demand[], standings: readonly Standing[]): Told[] {
  return demands.flatMap(({ name, ask }, i) => {
    const standing = standings[i]
    return standing ? [{ name, rule: ask.rule, standing }] : []
  })
}

/** Whether so much was taken, this time included, that its policy wants to know first whether it is a program. */
export function isSuspicious({ name, rule, standing }: Told): boolean {
  const { captchaAfter, rule: unscaled } = policyOf(name)
  if (captchaAfter === undefined) return false
  return quotaOf(rule) - standing.remaining > captchaAfter * (quotaOf(rule) / quotaOf(unscaled))
}

/** The refusal of the one that takes longest to pass; undefined where all are allowed. */
export function refusalOf(told: readonly Told[]): Refusal | undefined {
  const refused = told.filter(({ standing }) => !standing.allowed)
  const [longest] = refused.toSorted((a, b) => b.standing.retryAfterMs - a.standing.retryAfterMs)
  if (!longest) return undefined
  const retryAfterSeconds = Math.max(1, Math.ceil(longest.standing.retryAfterMs / 1_000))
  const reason = `limit ${longest.name}`
  return policyOf(longest.name).refusal === 'ADDRESS_BLOCKED'
    ? new Refusal('ADDRESS_BLOCKED', 'Too many failed sign-ins from this address', { retryAfterSeconds, reason })
    : new Refusal('RATE_LIMITED', 'Too many requests. Try again later.', { retryAfterSeconds, reason })
}

/** The limiter is down and the policy lets nobody pass without it. */
export function limiterUnavailable(): Refusal {
  return new Refusal('UNAVAILABLE', 'This cannot be done right now. Try again shortly.', {
    retryAfterSeconds: 2,
    reason: 'the limiter does not answer, and the policy is closed',
  })
}
