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
import { apiKeyOf } from './caller.ts'

/**
 * A limit of a route, and by what of its input counts of one subject are told apart: an account's address for one. Of a
 * policy by `mail-address` it says which.
 */
export interface RouteLimit {
  policy: PolicyName
  /** From the validated body. Hashed before it goes anywhere. */
  key?: (json: never) => string
}

/** Counts in the isolate; what is due is told to the limiter after the answer. */
export function takeLeases(c: Context<AppEnv>, names: readonly PolicyName[]): Told[] {
  const isolate = c.get('isolate')
  const subject = c.get('subject')
  const demands = names.map((name) => {
    const key = policyOf(name).perKey ? apiKeyOf(c.get('caller')) : undefined
    return demandOf(name, isolate.settings.RATE_LIMIT_SCALE, c.get('matched')?.route ?? '', key)
  })
  const { standings, settle } = isolate.leases.take(subject, asksOf(demands))
  if (settle) c.executionCtx.waitUntil(settle(createLimiter(isolate, c.env, c.get('meter'))))
  return toldOf(demands, standings)
}

type Settle = (succeeded: boolean | 'refused') => void

/**
 * Asks the limiter for all exact limits of a route before anything happens: in one call, and in one more for what is
 * counted of a mail address. Answers what to do when the route has answered.
 * @throws Refusal where one of them is used up, or nobody may pass without the limiter
 */
export async function takeExact(c: Context<AppEnv>, limits: readonly RouteLimit[], json: unknown): Promise<Settle> {
  const [named, callers] = [limits.filter(isOfMailAddress), limits.filter((limit) => !isOfMailAddress(limit))]
  const settles: Settle[] = callers.length > 0 ? [await takeOf(c, callers, json)] : []
  for (const { policy, key } of named) {
    settles.push(await takeOf(c, [{ policy }], json, await mailSubject(key?.(json as never) ?? '')))
  }
  return (succeeded) => {
    for (const settle of settles) settle(succeeded)
  }
}

/** Whose count that of a mail address is: its hash, wherever calls come from. */
export async function mailSubject(address: string): Promise<string> {
  return `mail:${(await sha256Hex(address)).slice(0, 32)}`
}

function isOfMailAddress({ policy }: RouteLimit): boolean {
  return policyOf(policy).by === 'mail-address'
}

/** Of one subject: the caller's, or the one that is given. */
async function takeOf(
  c: Context<AppEnv>,
  limits: readonly RouteLimit[],
  json: unknown,
  given?: string,
): Promise<Settle> {
  const isolate = c.get('isolate')
  const demands = await Promise.all(
    limits.map(async ({ policy, key }) => {
      const hash = key && (await sha256Hex(key(json as never))).slice(0, 32)
      return demandOf(policy, isolate.settings.RATE_LIMIT_SCALE, c.get('matched')?.route ?? '', hash)
    }),
  )
  const isByAddress = demands.every(({ policy }) => policy.by === 'address')
  const subject = given ?? (isByAddress ? `ip:${c.get('address')}` : c.get('subject'))
  // What is a user's is used up by nobody whose session has ended, or who may not do this anyway.
  if (given === undefined && !isByAddress) await c.get('ctx').authorized()
  const limiter = createLimiter(isolate, c.env, c.get('meter'))
  const told = await takeOrDecide(
    c,
    demands,
    () => limiter.take(subject, asksOf(demands)),
    () => {
      // It may have counted, and only have said so too late: nobody is locked out by that.
      c.get('ctx').defer(limiter.giveBack(subject, giftsOf(demands, false)))
    },
  )
  c.get('told').push(...told)
  const refusal = refusalOf(told)
  if (refusal) {
    if (refusal.code === 'ADDRESS_BLOCKED') {
      isolate.blockedAddresses.add(c.get('address'), (refusal.retryAfterSeconds ?? 0) * 1_000)
    }
    throw refusal
  }
  return (succeeded) => {
    // What success gives back is no limit that its caller need know of.
    if (succeeded === true)
      c.set(
        'told',
        c.get('told').filter(({ name }) => policyOf(name).whenSucceeds === undefined),
      )
    const gifts = giftsOf(demands, succeeded)
    if (gifts.length > 0) {
      c.get('ctx').defer(limiter.giveBack(subject, gifts))
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
    c.get('isolate').log.error('Limiter Down', { limits: demands.map(({ name }) => name), error })
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
const NOT_TRIED: ReadonlySet<ErrorCode> = new Set([
  'UNAVAILABLE',
  'CAPTCHA_REQUIRED',
  'CAPTCHA_FAILED',
  'STEP_UP_REQUIRED',
])

/** Whether an error is the route's own "no": then what was taken stays taken. */
export function outcomeOf(error: unknown, status: number): boolean | 'refused' {
  if (error instanceof Refusal) return NOT_TRIED.has(error.code) ? false : 'refused'
  if (error !== undefined) return false
  return status < 400
}

/** Contracts are checked when they are made: one call serves one subject only, beside that of a mail address. */
export function assertOneSubject(limits: readonly RouteLimit[]): void {
  const nameless = limits.find((limit) => isOfMailAddress(limit) && !limit.key)
  if (nameless) throw new Error(`The limit ${nameless.policy} must say which mail address it is of`)
  const subjects = new Set(
    limits
      .filter((limit) => policyOf(limit.policy).exact && !isOfMailAddress(limit))
      .map(({ policy }) => policyOf(policy).by),
  )
  if (subjects.size > 1) throw new Error('The exact limits of a route must all be by one subject')
}
