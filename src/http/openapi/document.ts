import type { Hono } from 'hono'
import { z } from 'zod'
import { ERROR_CODES } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'
import { DEFAULT_BODY_LIMIT } from '../contract.ts'
import { contractedRoutes, type Route } from './routes.ts'

type Json = Record<string, unknown>

const SECURITY = [{ bearer: [] }]
const SOCKET_SECURITY = [{ ticket: [] }, { bearer: [] }]

/** OpenAPI 3.1, from the very schemas that validate and the contracts that guard. */
export function openApiDocument(app: Hono<AppEnv>, version: string): Json {
  const components: Json = {}
  const toSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => lift(jsonSchema(schema, io), components)
  const refusal = refusals(toSchema(Problem, 'output'), toSchema(ProblemDetails, 'output'))
  const paths: Record<string, Json> = {}
  for (const route of contractedRoutes(app)) {
    const path = route.path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')
    const operations = paths[path] ?? {}
    operations[route.method.toLowerCase()] = operation(route, toSchema, refusal)
    paths[path] = operations
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Selvage',
      version,
      description: 'A complete backend that runs at the edge. Times are ISO 8601 in UTC, ids are UUIDs.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: SECURITY,
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'For sockets. It is good once.' },
      },
    },
  }
}

const Problem = z
  .object({
    success: z.literal(false),
    statusCode: z.int(),
    code: z.enum(ERROR_CODES),
    message: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    timestamp: z.iso.datetime(),
    path: z.string(),
    method: z.string(),
    correlationId: z.string(),
  })
  .meta({ id: 'Problem' })

/** The same as RFC 9457 has it. */
const ProblemDetails = Problem.omit({ success: true, statusCode: true, code: true, message: true, path: true })
  .extend({
    type: z.string(),
    title: z.enum(ERROR_CODES),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
  })
  .meta({ id: 'ProblemDetails' })

function refusals(problem: Json, details: Json): Json {
  return {
    description: 'A refusal',
    content: { 'application/json': { schema: problem }, 'application/problem+json': { schema: details } },
  }
}

function operation(
  { method, path, contract: { summary, policy, parts } }: Route,
  toSchema: (schema: z.ZodType, io: 'input' | 'output') => Json,
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
  const responses = Object.fromEntries(
    Object.entries(policy.answers).map(([status, schema]) => [
      status,
      schema
        ? { description: describe(status), content: { 'application/json': { schema: toSchema(schema, 'output') } } }
        : { description: describe(status) },
    ]),
  )
  return {
    operationId: operationId(method, path),
    summary,
    ...(policy.description ? { description: policy.description } : {}),
    tags: [policy.tag],
    ...(policy.access === 'public' ? { security: [] } : {}),
    ...(policy.access === 'ticket' ? { security: SOCKET_SECURITY } : {}),
    ...(typeof policy.access === 'object' ? { 'x-permissions': policy.access.permissions } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(parts.json
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: toSchema(parts.json, 'input') } },
            'x-max-bytes': policy.bodyLimit ?? DEFAULT_BODY_LIMIT,
          },
        }
      : {}),
    responses: {
      ...responses,
      default: refusal,
    },
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

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ jsonSchema: node }) => {
      // zod's own pattern for a time is a monster beside `format`, and its bounds of an integer say nothing.
      if (node.format === 'date-time' || node.format === 'uuid') delete node.pattern
      if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum
      if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum
    },
  })
  return rest
}

/** Moves the `$defs` of one schema to the document's components. */
function lift(schema: Json, components: Json): Json {
  const { $defs = {}, ...root } = JSON.parse(
    JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as Json & { $defs?: Json }
  Object.assign(components, $defs)
  return root
}

function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/v\d+/, '')
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
