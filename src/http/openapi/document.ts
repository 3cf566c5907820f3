import type { Hono } from 'hono'
import * as z from 'zod'
import { ERROR_CODES, PROOF_METHODS } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'
import { API_VERSIONS, type ApiVersion, DEFAULT_VERSION } from '../version.ts'
import { operation } from './operation.ts'
import { contractedRoutes } from './routes.ts'
import { type Json, jsonSchema, lift } from './schema.ts'

const SECURITY = [{ bearer: [] }]

export interface DocumentOptions {
  /** Of the program, such as `0.1.0`: the API has its own. */
  release: string
  /** The first holds what has no version, too. Undefined: all there is, for programs that are made from it. */
  version?: ApiVersion
}

/** OpenAPI 3.1, from the very schemas that validate and the contracts that guard. */
export function openApiDocument(app: Hono<AppEnv>, { release, version }: DocumentOptions): Json {
  const components: Json = {}
  const toSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => lift(jsonSchema(schema, io), components)
  const refusal = refusals(toSchema(Problem, 'output'), toSchema(ProblemDetails, 'output'))
  const paths: Record<string, Json> = {}
  const routes = contractedRoutes(app).filter(({ path }) => version === undefined || versionOfPath(path) === version)
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')
    const operations = paths[path] ?? {}
    operations[route.method.toLowerCase()] = operation(route, toSchema, refusal)
    paths[path] = operations
  }
  return {
    openapi: '3.1.0',
    info: {
      title: version === undefined ? 'Selvage' : `Selvage, version ${version}`,
      version: `${version ?? API_VERSIONS.at(-1)}.0`,
      'x-release': release,
      description: 'A complete backend that runs at the edge. Times are ISO 8601 in UTC, ids are UUIDs.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: SECURITY,
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token, or an API key (`slv_...`) where no signed-in person is demanded.',
        },
        ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'For sockets. It is good once.' },
      },
    },
  }
}

/** What a refusal is, for programs: the closed list. */
const ProblemCode = z.enum(ERROR_CODES).meta({ id: 'ProblemCode' })

const Problem = z
  .object({
    success: z.literal(false),
    statusCode: z.int(),
    code: ProblemCode,
    message: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    /** Of `STEP_UP_REQUIRED`: by what the caller may show anew who they are. */
    stepUp: z.object({ methods: z.array(z.enum(PROOF_METHODS)) }).optional(),
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
    title: ProblemCode,
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

/** What has no version of its own is of the default one. */
function versionOfPath(path: string): string {
  return /^\/v(\d+)\//.exec(path)?.[1] ?? DEFAULT_VERSION
}
