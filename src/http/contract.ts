import { zValidator } from '@hono/zod-validator'
import type { MiddlewareHandler } from 'hono'
import { every } from 'hono/combine'
import { findTargetHandler } from 'hono/utils/handler'
import type { z } from 'zod'
import type { Permission } from '../context.ts'
import { Refusal } from '../platform/errors.ts'
import type { AppEnv } from './app-env.ts'
import { admit } from './middleware/admit.ts'
import { limitBody } from './middleware/limit-body.ts'

/**
 * Who may call: anybody; a signed-in user, perhaps with permissions (all of them); or, for a socket, the
 * holder of a ticket in the query, which browsers need as they cannot set headers on an upgrade.
 */
export type Access = 'public' | 'user' | 'ticket' | { permissions: readonly [Permission, ...Permission[]] }

type Part = 'param' | 'query' | 'json'
export type Parts = Partial<Record<Part, z.ZodType>>

/** Status to the schema of its body; null where it has none. Refusals need not be listed. */
export type Answers = Partial<Record<101 | 200 | 201 | 202 | 204 | 503, z.ZodType | null>>

export interface Policy {
  access: Access
  answers: Answers
  /** The group in the API's pages. */
  tag: string
  description?: string
  /** Bytes of the body; 16 KiB where nothing is said. */
  bodyLimit?: number
}

export interface Contract {
  summary: string
  policy: Policy
  parts: Parts
}

const CONTRACT: unique symbol = Symbol('contract')
/** Bytes. */
export const DEFAULT_BODY_LIMIT = 16 * 1024

/** What a client writes: JSON as it goes in, everything else as text. */
type Sent<K extends Part, S extends z.ZodType> = K extends 'json' ? z.input<S> : { [F in keyof z.input<S>]: string }

interface Input<P extends Parts> {
  in: { [K in keyof P & Part]: P[K] extends z.ZodType ? Sent<K, P[K]> : never }
  out: { [K in keyof P & Part]: P[K] extends z.ZodType ? z.output<P[K]> : never }
}

/**
 * Stands before a handler and says all there is to know of its route: who may call, what it takes, what
 * it answers. The middleware that it makes enforces that; OpenAPI prints it; tests walk it.
 */
export function contract<const P extends Parts = object>(
  summary: string,
  { param, query, json, ...policy }: Policy & P,
): MiddlewareHandler<AppEnv, string, Input<Pick<P, keyof P & Part>>> {
  const parts: Parts = { ...(param && { param }), ...(query && { query }), ...(json && { json }) }
  const steps = [
    admit(policy.access),
    ...(json ? [limitBody(policy.bodyLimit ?? DEFAULT_BODY_LIMIT)] : []),
    ...(Object.entries(parts) as [Part, z.ZodType][]).map(([part, schema]) =>
      zValidator(part, schema, (result) => {
        if (!result.success) throw invalid(part, result.error.issues)
      }),
    ),
  ]
  return Object.assign(every(...(steps as MiddlewareHandler[])), { [CONTRACT]: { summary, policy, parts } })
}

/** The contract that a registered handler carries, if it is one that `contract` has made. */
export function contractOf(handler: unknown): Contract | undefined {
  return (findTargetHandler(handler as never) as { [CONTRACT]?: Contract })[CONTRACT]
}

function invalid(part: Part, issues: readonly z.core.$ZodIssue[]): Refusal {
  const where = { json: 'body', query: 'query', param: 'path' }[part]
  return new Refusal('VALIDATION_FAILED', `The ${where} is not valid`, {
    fields: issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.slice(0, 20).map((key) => ({ field: pathOf([...issue.path, key]), message: 'Unknown field' }))
      }
      return [{ field: pathOf(issue.path), message: issue.message }]
    }),
  })
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(all)' : path.map(String).join('.').slice(0, 200)
}
