import type * as z from 'zod'
import { KEY } from '../../platform/idempotency/idempotency.ts'
import { quotaOf } from '../../platform/rate-limit/limiter.ts'
import { policyOf, windowSeconds } from '../../platform/rate-limit/policies.ts'
import type { OwnerGuard } from '../access.ts'
import type { Contract } from '../contract.ts'
import { IF_MATCH } from '../conventions/preconditions.ts'
import type { Route } from './routes.ts'
import type { Json } from './schema.ts'

const SOCKET_SECURITY = [{ ticket: [] }, { bearer: [] }]
const OPTIONAL_SECURITY = [{}, { bearer: [] }]

const LOCATION = {
  Location: { description: 'Where it is', schema: { type: 'string', format: 'uri-reference' } },
}

type ToSchema = (schema: z.ZodType, io: 'input' | 'output') => Json

/** One route as OpenAPI has it: all that its contract says. */
export function operation(
  { method, path, contract: { summary, policy, parts } }: Route,
  toSchema: ToSchema,
  refusal: Json,
): Json {
  const parameters = (['param', 'query'] as const).flatMap((part) => {
    const schema = parts[part]
    if (!schema) return []
    const { properties = {}, required = [] } = toSchema(schema, 'input') as Properties
    const { properties: read = {} } = toSchema(schema, 'output') as Properties
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: part === 'param' ? 'path' : 'query',
      required: part === 'param' || required.includes(name),
      schema: isNumeric(read[name]) ? read[name] : property,
    }))
  })
  if (policy.idempotency !== 'off') parameters.push(idempotencyKey(policy.idempotency.key === 'required'))
  if (policy.precondition) parameters.push(ifMatch(policy.precondition === 'required'))
  const responses = Object.fromEntries(
    Object.entries(policy.answers).map(([status, schema]) => [
      status,
      {
        description: describe(status),
        ...(policy.made !== undefined && (status === '201' || status === '202') && { headers: LOCATION }),
        ...(schema && { content: { 'application/json': { schema: toSchema(schema, 'output') } } }),
      },
    ]),
  )
  return {
    operationId: operationId(method, path),
    summary,
    ...(policy.deprecated ? { deprecated: true } : {}),
    ...(policy.description ? { description: policy.description } : {}),
    tags: [policy.tag],
    ...(policy.access === 'public' ? { security: [] } : {}),
    ...(policy.access === 'ticket' ? { security: SOCKET_SECURITY } : {}),
    ...(typeof policy.access === 'object' && policy.access.orGuest ? { security: OPTIONAL_SECURITY } : {}),
    ...declarations(policy),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(parts.json
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              Object.entries(policy.bodyTypes ?? { 'application/json': parts.json }).map(([type, schema]) => [
                type,
                { schema: toSchema(schema, 'input') },
              ]),
            ),
            'x-max-bytes': policy.bodyLimit,
          },
        }
      : {}),
    responses: {
      ...responses,
      default: refusal,
    },
  }
}

/** What OpenAPI has no words for, under names of our own. */
function declarations({ access, limits, idempotency, cache, cost }: Contract['policy']): Json {
  const { owner, resource, permissions, ...demands } = typeof access === 'object' ? access : {}
  return {
    ...(permissions ? { 'x-permissions': permissions } : {}),
    ...(Object.keys(demands).length > 0 ? { 'x-demands': demands } : {}),
    ...(owner ? { 'x-owner-only': othersThan(owner) ?? true } : {}),
    ...(resource ? { 'x-resource': { type: resource.type, action: resource.action } } : {}),
    'x-limits': limits === 'none' ? 'none' : limits.map(({ policy }) => limit(policy)),
    'x-idempotency': idempotency === 'off' ? 'off' : idempotency.key,
    'x-cache': cache,
    'x-cost': cost,
  }
}

/** Who besides the owner may. */
function othersThan({ orPermission, orRole }: OwnerGuard): Json | undefined {
  const others = { ...(orPermission ? { orPermission } : {}), ...(orRole ? { orRole } : {}) }
  return Object.keys(others).length > 0 ? others : undefined
}

function limit(name: Parameters<typeof policyOf>[0]): Json {
  const { by, rule, isLockOut = false } = policyOf(name)
  return { policy: name, by, quota: quotaOf(rule), windowSeconds: windowSeconds(rule), isLockOut }
}

function idempotencyKey(required: boolean) {
  return {
    name: 'Idempotency-Key',
    in: 'header',
    required,
    description: 'A UUID of your own. The same request with the same key has its effect once, for a day.',
    schema: { type: 'string', pattern: KEY.source },
  }
}

function ifMatch(required: boolean) {
  return {
    name: 'If-Match',
    in: 'header',
    required,
    description: 'The `ETag` of what you want to change, or `*`: where it has another one by now, nothing changes.',
    schema: { type: 'string', ...IF_MATCH },
  }
}

interface Properties {
  properties?: Record<string, Json>
  required?: string[]
}

/** A text that is read as a number is shown as that number, with its bounds. */
function isNumeric(schema: Json | undefined): boolean {
  return schema?.type === 'integer' || schema?.type === 'number'
}

function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/v1(?=\/)/, '')
    .split(/[/:{}._-]+/)
    .filter((word) => word !== '')
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}

function describe(status: string): string {
  const texts: Record<string, string> = {
    101: 'The socket is open',
    200: 'Done',
    201: 'Made',
    202: 'Accepted',
    204: 'Done; there is no body',
    503: 'Not ready',
  }
  return texts[status] ?? status
}
