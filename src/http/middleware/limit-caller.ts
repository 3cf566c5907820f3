import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Env } from '../../env.ts'
import { Refusal } from '../../platform/errors.ts'
import { type PolicyName, policyOf } from '../../platform/rate-limit/policies.ts'
import { refusalOf } from '../../platform/rate-limit/rate-limits.ts'
import { meetCaller, type Reading, readTier } from '../../read-session.ts'
import { limitedAddress } from '../address.ts'
import type { AppEnv } from '../app-env.ts'
import { apiKeyOf, type Caller, callerByKey, identifyCaller, type UnmetKey, wrongKey } from '../caller.ts'
import { takeLeases } from '../limits.ts'
import { matchedContract } from '../matched.ts'

/** Stage one: the platform counts by itself, where the request arrives. */
const PLATFORM_LIMITS = {
  anonymous: 'LIMIT_ANONYMOUS',
  free: 'LIMIT_FREE',
  basic: 'LIMIT_BASIC',
  premium: 'LIMIT_PREMIUM',
  enterprise: 'LIMIT_ENTERPRISE',
} as const satisfies Partial<Record<PolicyName, keyof Env>>

type Tier = keyof typeof PLATFORM_LIMITS

/**
 * Every request, found or not, counts against its caller: a user by their tier, anybody else by their address. No
 * call leaves the isolate for it but the platform's own. Finds out on the way who calls, and by which route.
 */
export function limitCaller() {
  return createMiddleware<AppEnv>(async function limitEveryCaller(c, next) {
    const matched = matchedContract(c)
    const identified = await identifyCaller(c, matched?.contract.policy.access)
    const address = limitedAddress(c.req.header('cf-connecting-ip'))
    const isFree = matched?.contract.policy.limits === 'none'
    c.set('matched', matched)
    c.set('address', address)
    c.set('told', [])
    if (!isFree) refuseBlocked(c, address)
    const caller = identified.kind === 'unmet-key' ? await meetKey(c, identified, isFree) : identified
    c.set('caller', caller)
    c.set('subject', subjectOf(c, caller))
    // Whoever came with a wrong key has been counted by their address already.
    if (!isFree && c.get('told').length === 0) await limitByTier(c, caller)
    await next()
  })
}

/** Users, their programs together, and addresses have namespaces of their own: none uses up what is another's. */
function subjectOf(c: Context<AppEnv>, caller: Caller): string {
  if (!countsAsUser(c, caller)) return `ip:${c.get('address')}`
  return caller.apiKeyId === undefined ? `user:${caller.userId}` : `keys:${caller.userId}`
}

/**
 * Anybody can make up keys, and only the database tells: so until this isolate knows one, it counts against the
 * address that it comes from. Where nothing is counted or found, nothing is read either.
 */
async function meetKey(c: Context<AppEnv>, key: UnmetKey, isFree: boolean): Promise<Caller> {
  const unknown = wrongKey('not known here')
  if (isFree || !c.get('matched')) return unknown
  c.set('caller', unknown)
  c.set('subject', subjectOf(c, unknown))
  await limitAs(c, 'anonymous')
  const userId = await meetCaller(c.get('isolate'), c.env, key, readingOf(c))
  if (userId === undefined) return unknown
  c.set('told', [])
  return callerByKey(key.keyId, userId)
}

function readingOf(c: Context<AppEnv>): Reading {
  return {
    ip: c.req.header('cf-connecting-ip') ?? null,
    meter: c.get('meter'),
    defer: (work) => c.executionCtx.waitUntil(work),
  }
}

function countsAsUser(c: Context<AppEnv>, caller: Caller): caller is Extract<Caller, { kind: 'user' }> {
  return caller.kind === 'user' && !c.get('isolate').sessions.isKnownEnded(caller.sessionId)
}

function refuseBlocked(c: Context<AppEnv>, address: string): void {
  const remainingMs = c.get('isolate').blockedAddresses.remainingMs(address)
  if (remainingMs === 0) return
  throw new Refusal('ADDRESS_BLOCKED', 'Too many failed sign-ins from this address', {
    retryAfterSeconds: Math.ceil(remainingMs / 1_000),
  })
}

async function limitByTier(c: Context<AppEnv>, caller: Caller): Promise<void> {
  if (!countsAsUser(c, caller)) return limitAs(c, 'anonymous')
  const known = c.get('isolate').sessions.tierOf(caller.userId)
  try {
    await limitAs(c, known ?? 'free')
  } catch (error) {
    // Nobody is refused for a tier that is not theirs; only then it is worth a read of its own.
    if (known !== undefined || !(error instanceof Refusal)) throw error
    const tier = await readTier(c.get('isolate'), c.env, caller, readingOf(c))
    // Whoever holds a token of a session that has ended uses up nothing of its owner's, from here on.
    if (tier === undefined || tier === 'free') throw error
    await limitAs(c, tier)
  }
}

async function limitAs(c: Context<AppEnv>, tier: Tier): Promise<void> {
  const ofKey: PolicyName[] = apiKeyOf(c.get('caller')) === undefined ? [] : ['api-key']
  const told = takeLeases(c, [tier, ...ofKey, ...approximateLimits(c)])
  c.set('told', told)
  const refusal = refusalOf(told)
  if (refusal) throw refusal
  if (await platformAllows(c, PLATFORM_LIMITS[tier])) return
  throw new Refusal('RATE_LIMITED', 'Too many requests. Try again later.', {
    retryAfterSeconds: Math.max(1, Math.ceil((told[0]?.standing.resetMs ?? 0) / 1_000)),
    reason: `limit ${tier}, counted by the platform`,
  })
}

/** The policies of the route that the isolate counts by itself. */
function approximateLimits(c: Context<AppEnv>): PolicyName[] {
  const limits = c.get('matched')?.contract.policy.limits ?? []
  if (limits === 'none') return []
  return limits.map(({ policy }) => policy).filter((name) => !policyOf(name).exact && !policyOf(name).isAdvisory)
}

/** The platform's figures stand in wrangler.toml; a scale is reached by spreading the keys. */
async function platformAllows(c: Context<AppEnv>, binding: (typeof PLATFORM_LIMITS)[Tier]): Promise<boolean> {
  const isolate = c.get('isolate')
  const subject = c.get('subject')
  const spread = Math.max(1, Math.round(isolate.settings.RATE_LIMIT_SCALE))
  const key = spread === 1 ? subject : `${subject}#${Math.floor(Math.random() * spread)}`
  try {
    return (await c.env[binding].limit({ key })).success
  } catch (error) {
    // The isolate's own count has let it through, and still holds.
    isolate.log.warn('Platform Limit Failed', { binding, error })
    return true
  }
}
