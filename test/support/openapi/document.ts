/** A JSON Schema of the document, as far as tests look into it. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
  examples?: unknown[]
  /** What the schema cannot say, in words: only there may a call that it allows be refused as not valid. */
  'x-rule'?: string
  [keyword: string]: unknown
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  schema: Schema
}

type Content = Record<string, { schema?: Schema }>

interface RawOperation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Content; 'x-max-bytes'?: number }
  responses: Record<string, { content?: Content }>
  security?: Record<string, string[]>[]
  'x-permissions'?: string[]
  'x-limits'?: { isLockOut: boolean }[] | 'none'
}

/** The OpenAPI document as the app answers it. */
export interface OpenApi {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, RawOperation>>
  security?: Record<string, string[]>[]
  components: {
    schemas: Record<string, Schema>
    securitySchemes: Record<string, { type: string; scheme?: string; in?: string; name?: string }>
  }
}

/** One operation, with what the document says elsewhere of it. */
export interface Operation {
  /** `POST /v1/things/{id}` */
  name: string
  method: string
  path: string
  parameters: Parameter[]
  body: { content: Content; maxBytes: number | undefined } | undefined
  responses: RawOperation['responses']
  isSecured: boolean
  /** A signed-in person's token opens it. */
  takesToken: boolean
  permissions: string[]
  /** One of its limits holds for guesses, by whatever figure others are raised. */
  locksOut: boolean
  /** Its success is an upgrade. */
  isSocket: boolean
  /** Parameters that hold a credential instead of the header's token. */
  ticketParameters: string[]
}

export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, raw]) => {
      const security = raw.security ?? document.security ?? []
      const schemes = security.flatMap((one) =>
        Object.keys(one).map((name) => document.components.securitySchemes[name]),
      )
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: raw.parameters ?? [],
        body: raw.requestBody && { content: raw.requestBody.content, maxBytes: raw.requestBody['x-max-bytes'] },
        responses: raw.responses,
        // An empty one among them says that nobody has to show anything.
        isSecured: security.length > 0 && security.every((one) => Object.keys(one).length > 0),
        takesToken: schemes.some((one) => one?.type === 'http' && one.scheme === 'bearer'),
        permissions: raw['x-permissions'] ?? [],
        locksOut: Array.isArray(raw['x-limits']) && raw['x-limits'].some(({ isLockOut }) => isLockOut),
        isSocket: '101' in raw.responses,
        ticketParameters: schemes.flatMap((one) => (one?.in === 'query' && one.name !== undefined ? [one.name] : [])),
      }
    }),
  )
}

/** The schema of a JSON body, where the operation takes one. */
export function jsonBodyOf(operation: Operation): Schema | undefined {
  return operation.body?.content['application/json']?.schema
}

/** Whether a path that a client asks for is one of this template: a parameter is anything but a slash. */
export function matchesTemplate(template: string, path: string): boolean {
  const pattern = template.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{[^}]+\}/g, '[^/]+')
  return new RegExp(`^${pattern}$`).test(path)
}
