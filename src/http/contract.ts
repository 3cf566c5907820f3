import { zValidator } from '@hono/zod-validator'
import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { findTargetHandler } from 'hono/utils/handler'
import * as z from 'zod'
import { Refusal } from '../platform/errors.ts'
import type { Flag } from '../platform/flags/flags.ts'
import { policyOf } from '../platform/rate-limit/policies.ts'
import { type Access, assertAccess } from './access.ts'
import type { AppEnv } from './app-env.ts'
import type { CostBudget } from './cost.ts'
import type { Deprecation } from './deprecation.ts'
import { assertOneSubject, type RouteLimit } from './limits.ts'
import { admit } from './middleware/admit.ts'
import { countExactLimits } from './middleware/count-exact-limits.ts'
import { demandCaptcha } from './middleware/demand-captcha.ts'
import { demandFlag } from './middleware/demand-flag.ts'
import { demandOwnership } from './middleware/demand-ownership.ts'
import { guardResource } from './middleware/guard-resource.ts'
import { limitBody } from './middleware/limit-body.ts'
import { type BodyTypes, readBodyForm } from './middleware/read-body-form.ts'
import { type PreconditionPolicy, readPrecondition } from './middleware/read-precondition.ts'
import { type IdempotencyPolicy, replay } from './middleware/replay.ts'
import { watchFailures } from './middleware/watch-failures.ts'

type Part = 'param' | 'query' | 'json'
export type Parts = Partial<Record<Part, z.ZodType>>

/** Status to the schema of its body; null where it has none. Refusals need not be listed. */
export type Answers = Partial<Record<101 | 200 | 201 | 202 | 204 | 503, z.ZodType | null>>

/** All of it must be said: a route that leaves one out does not start. */
export interface Policy {
  /** The group in the API's pages. */
  tag: string
  description?: string
  access: Access
  /** Besides the caller's own; `'none'` frees a probe from all of them. */
  limits: readonly RouteLimit[] | 'none'
  /** What a captcha of this route is for: demanded where a limit's `captchaAfter` says so. Goes with `captchaToken`. */
  captcha?: string
  /** Of a POST; `'off'` everywhere else. */
  idempotency: IdempotencyPolicy
  /**
   * Who may keep the answer: nobody; the caller, who asks by its `ETag` each time whether it is still the same; or
   * anybody for so many seconds.
   */
  cache: 'no-store' | 'revalidate' | { publicSeconds: number }
  /** That a change names what it changes, by `If-Match`. */
  precondition?: PreconditionPolicy
  /** That it goes, and what takes its place. */
  deprecated?: Deprecation
  /** What must be switched on for the caller; otherwise the route is not there. */
  flag?: Flag
  /** The most that one request may cost. */
  cost: CostBudget
  answers: Answers
  /** Where that is which it makes, from below the version on: a template of `hrefOfMade`. It is the `Location`. */
  made?: string
}

/** The bytes that a body may have; goes with `json`, and only with it. */
type Body<P> = P extends { json: z.ZodType }
  ? { bodyLimit: number; bodyTypes?: BodyTypes }
  : { bodyLimit?: never; bodyTypes?: never }

export interface Contract {
  summary: string
  policy: Policy & { bodyLimit?: number; bodyTypes?: BodyTypes }
  parts: Parts
}

const JSON_ONLY = { 'application/json': null }

const CONTRACT: unique symbol = Symbol('contract')

/** A body of a few fields. */
export const SMALL_BODY = 16 * 1024

/** What a client writes: JSON as it goes in, everything else as text. */
type Sent<K extends Part, S extends z.ZodType> = K extends 'json' ? z.input<S> : { [F in keyof z.input<S>]: string }

interface Input<P extends Parts> {
  in: { [K in keyof P & Part]: P[K] extends z.ZodType ? Sent<K, P[K]> : never }
  out: { [K in keyof P & Part]: P[K] extends z.ZodType ? z.output<P[K]> : never }
}

/**
 * Stands before a handler and says all there is to know of its route: who may call, how often, what it takes, what a
 * repeat gets, what it answers and may cost. The middleware that it makes enforces that; OpenAPI prints it; tests
 * walk it.
 */
export function contract<const P extends Parts = object>(
  summary: string,
  { param, query, json, ...policy }: Policy & Body<NoInfer<P>> & P,
): MiddlewareHandler<AppEnv, string, Input<Pick<P, keyof P & Part>>> {
  const parts: Parts = { ...(param && { param }), ...(query && { query }), ...(json && { json }) }
  assertComplete(summary, policy, parts)
  const limits: readonly RouteLimit[] = policy.limits === 'none' ? [] : policy.limits
  const exact = limits.filter((limit) => policyOf(limit.policy).exact)
  const advisory = limits.filter((limit) => policyOf(limit.policy).isAdvisory)
  const steps = [
    ...(policy.flag === undefined ? [] : [demandFlag(policy.flag)]),
    admit(policy.access),
    ...(policy.bodyLimit === undefined
      ? []
      : [limitBody(policy.bodyLimit, Object.keys(policy.bodyTypes ?? JSON_ONLY))]),
    ...(Object.entries(parts) as [Part, z.ZodType][]).map(([part, schema]) =>
      zValidator(part, schema, (result) => {
        if (!result.success) throw invalid(part, result.error.issues)
      }),
    ),
    ...(policy.bodyTypes ? [readBodyForm(policy.bodyTypes, (issues) => invalid('json', issues))] : []),
    ...(policy.precondition ? [readPrecondition(policy.precondition)] : []),
    ...(typeof policy.access === 'object' && policy.access.owner ? [demandOwnership(policy.access.owner)] : []),
    ...(typeof policy.access === 'object' && policy.access.resource ? [guardResource(policy.access.resource)] : []),
    ...(exact.length > 0 ? [countExactLimits(exact)] : []),
    ...(advisory.length > 0 ? [watchFailures(advisory)] : []),
    ...(policy.captcha === undefined ? [] : [demandCaptcha(policy.captcha)]),
    ...(policy.idempotency === 'off' ? [] : [replay(policy.idempotency)]),
    ...(policy.cache === 'no-store' ? [] : [allowCaching(policy.cache)]),
  ]
  return Object.assign(inTurn(steps as MiddlewareHandler[]), { [CONTRACT]: { summary, policy, parts } })
}

/** One step after another as one. Hono's `every` puts them together anew for each request. */
function inTurn(steps: readonly MiddlewareHandler[]): MiddlewareHandler {
  return function keepContract(c, next) {
    const pass = async (at: number): Promise<void> => {
      const step = steps[at]
      if (!step) return next()
      const answer = await step(c, () => pass(at + 1))
      if (answer && !c.finalized) c.res = answer
    }
    return pass(0)
  }
}

const DECLARED = ['tag', 'access', 'limits', 'idempotency', 'cache', 'cost', 'answers'] as const

/** Types say the same; this also holds where somebody goes round them. @throws naming the route and what it lacks */
function assertComplete(summary: string, policy: Policy & { bodyLimit?: number }, { json }: Parts): void {
  const complain = (what: string) => {
    throw new Error(`The route "${summary}" ${what}`)
  }
  const missing = DECLARED.filter((name) => policy[name] === undefined)
  if (missing.length > 0) complain(`does not declare ${missing.join(', ')}`)
  if ((json === undefined) !== (policy.bodyLimit === undefined)) complain('must declare json and bodyLimit together')
  const isForNobody = policy.access === 'public' || (typeof policy.access === 'object' && policy.access?.orGuest)
  if (policy.idempotency !== 'off' && isForNobody) complain('cannot keep answers of nobody')
  if (policy.captcha !== undefined) {
    const limits = policy.limits === 'none' ? [] : policy.limits
    const isEverDemanded = limits.some((limit) => policyOf(limit.policy).captchaAfter !== undefined)
    const takesToken = json instanceof z.ZodObject && 'captchaToken' in json.shape
    if (!isEverDemanded || !takesToken) complain('has a captcha that is never demanded, or no captchaToken')
  }
  try {
    assertAccess(policy.access)
    if (policy.limits !== 'none') assertOneSubject(policy.limits)
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
  }
}

/** Refusals are kept by nobody. What is the same as before is said with the same word as it was itself. */
function allowCaching(cache: Exclude<Policy['cache'], 'no-store'>) {
  const said = cache === 'revalidate' ? 'private, no-cache' : `public, max-age=${cache.publicSeconds}`
  return createMiddleware<AppEnv>(async function allowKeeping(c, next) {
    await next()
    if (c.res.ok || c.res.status === 304) c.res.headers.set('Cache-Control', said)
  })
}

/** The contract that a registered handler carries, if it is one that `contract` has made. */
export function contractOf(handler: object): Contract | undefined {
  if (!found.has(handler)) {
    found.set(handler, (findTargetHandler(handler as never) as { [CONTRACT]?: Contract })[CONTRACT])
  }
  return found.get(handler)
}

/** Each request asks for that of all handlers that it passes. */
const found = new WeakMap<object, Contract | undefined>()

function invalid(part: Part, issues: readonly z.core.$ZodIssue[]): Refusal {
  const where = { json: 'body', query: 'query', param: 'path' }[part]
  const fields = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.slice(0, 20).map((key) => ({ field: pathOf([...issue.path, key]), message: 'Unknown field' }))
    }
    return [{ field: pathOf(issue.path), message: issue.message }]
  })
  // What is said of all of it needs no other words.
  const [first, ...others] = fields
  const message = first?.field === WHOLE && others.length === 0 ? first.message : `The ${where} is not valid`
  return new Refusal('VALIDATION_FAILED', message, { fields })
}

const WHOLE = '(all)'

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? WHOLE : path.map(String).join('.').slice(0, 200)
}
