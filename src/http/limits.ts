import type { Context } from 'hono'
import { createLimiter } from '../compose.ts'
import { type ErrorCode, Refusal } from '../platform/errors.ts'
import { LimiterDown } from '../platform/rate-limit/guard-limiter.ts'
import type { Gift } from '../platform/rate-limit/limiter.ts'
import { type PolicyName, policyOf } from '../platform/rate-limit/policies.ts'
import {
  type Demand,
  demandOf,
  limiterUnavailable,
  refusalOf,
  type Told,
  toldOf,
} from '../platform/rate-limit/rate-limits.ts'
import { sha256Hex } from '../platform/security/encoding.ts'
import type { AppEnv } from './app-env.ts'

/** A limit of a route, and by what of its input counts of one subject are told apart: an account's address for one. */
export interface RouteLimit {
  policy: PolicyName
  /** From the validated body. Hashed before it goes anywhere. */
  key?: (json: never) => string
}

/** Counts in the isolate; what is due is told to the limiter after the answer. */
export function takeLeases(c: Context<AppEnv>, names: readonly PolicyName[]): Told[] {
  const { isolate, subject } = c.var
  const demands = names.map((name) => demandOf(name, isolate.settings.RATE_LIMIT_SCALE, c.var.matched?.route ?? ''))
  const { standings, settle } = isolate.leases.take(subject, asksOf(demands))
  if (settle) c.executionCtx.waitUntil(settle(createLimiter(isolate, c.env, c.var.meter)))
  return toldOf(demands, standings)
}

/**
 * Asks the limiter for all exact limits of a route in one call, before anything happens. Answers what to do when
 * the route has answered. @throws Refusal where one of them is used up, or nobody may pass without the limiter
 */
export async function takeExact(
  c: Context<AppEnv>,
  limits: readonly RouteLimit[],
  json: unknown,
): Promise<(succeeded: boolean | 'refused') => void> {
  const { isolate } = c.var
  const demands = await Promise.all(
    limits.map(async ({ policy, key }) => {
      const hash = key && (await sha256Hex(key(json as never))).slice(0, 32)
      return demandOf(policy, isolate.settings.RATE_LIMIT_SCALE, c.var.matched?.route ?? '', hash)
    }),
  )
  const isByAddress = demands.every(({ policy }) => policy.by === 'address')
  const subject = isByAddress ? `ip:${c.var.address}` : c.var.subject
  // What is a user's is used up by nobody whose session has ended, or who may not do this anyway.
  if (!isByAddress) await c.var.ctx.authorized()
  const limiter = createLimiter(isolate, c.env, c.var.meter)
  const told = await takeOrDecide(
    c,
    demands,
    () => limiter.take(subject, asksOf(demands)),
    () => {
      // It may have counted, and only have said so too late: nobody is locked out by that.
      c.var.ctx.defer(limiter.giveBack(subject, giftsOf(demands, false)))
    },
  )
  c.var.told.push(...told)
  const refusal = refusalOf(told)
  if (refusal) {
    if (refusal.code === 'ADDRESS_BLOCKED') {
      isolate.blockedAddresses.add(c.var.address, (refusal.retryAfterSeconds ?? 0) * 1_000)
    }
    throw refusal
  }
  return (succeeded) => {
    // What success gives back is no limit that its caller need know of.
    if (succeeded === true)
      c.set(
        'told',
        c.var.told.filter(({ name }) => policyOf(name).whenSucceeds === undefined),
      )
    const gifts = giftsOf(demands, succeeded)
    if (gifts.length > 0) {
      c.var.ctx.defer(limiter.giveBack(subject, gifts))
    }
  }
}

async function takeOrDecide(
  c: Context<AppEnv>,
  demands: readonly Demand[],
  take: () => Promise<Told['standing'][]>,
  giveBack: () => void,
): Promise<Told[]> {
  try {
    return toldOf(demands, await take())
  } catch (error) {
    if (!(error instanceof LimiterDown)) throw error
    c.var.isolate.log.error('Limiter Down', { limits: demands.map(({ name }) => name), error })
    if (demands.some(({ policy }) => policy.whenSucceeds !== undefined)) giveBack()
    if (demands.some(({ policy }) => policy.onOutage === 'closed')) throw limiterUnavailable()
    return takeLeases(
      c,
      demands.map(({ name }) => name),
    )
  }
}

/** What an answer gives back: after success what the policy says, after a failure of ours all that was taken for it. */
function giftsOf(demands: readonly Demand[], succeeded: boolean | 'refused'): Gift[] {
  if (succeeded === 'refused') return []
  return demands.flatMap(({ policy, ask }): Gift[] => {
    if (policy.whenSucceeds === undefined) return []
    return [{ bucket: ask.bucket, rule: ask.rule, amount: succeeded && policy.whenSucceeds === 'forget' ? 'all' : 1 }]
  })
}

function asksOf(demands: readonly Demand[]) {
  return demands.map(({ ask }) => ask)
}

/** Nothing was looked at, so it was no try: what was taken for one is given back. */
const NOT_TRIED: ReadonlySet<ErrorCode> = new Set(['UNAVAILABLE', 'CAPTCHA_REQUIRED', 'CAPTCHA_FAILED'])

/** Whether an error is the route's own "no": then what was taken stays taken. */
export function outcomeOf(error: unknown, status: number): boolean | 'refused' {
  if (error instanceof Refusal) return NOT_TRIED.has(error.code) ? false : 'refused'
  if (error !== undefined) return false
  return status < 400
}

/** Contracts are checked when they are made: one call a request serves one subject only. */
export function assertOneSubject(limits: readonly RouteLimit[]): void {
  const subjects = new Set(
    limits.filter(({ policy }) => policyOf(policy).exact).map(({ policy }) => policyOf(policy).by),
  )
  if (subjects.size > 1) throw new Error('The exact limits of a route must all be by one subject')
}
