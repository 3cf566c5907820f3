/**
 * OpenAPI 3.1 and JSON Schema 2020-12 as far as our document uses them, as a JSON Schema: a keyword that is
 * not here is a slip of the pen until somebody adds it.
 */
const text = { type: 'string', minLength: 1 }
const schema = { $ref: '#/$defs/schema' }
const schemas = { type: 'array', minItems: 1, items: schema }
const count = { type: 'integer', minimum: 0 }
const number = { type: 'number' }
const types = { enum: ['string', 'integer', 'number', 'boolean', 'null', 'array', 'object'] }
/** Vendor extensions. */
const extensions = { '^x-': {} }

function exactly(properties: object, required: string[] = []): object {
  return { type: 'object', properties, required, patternProperties: extensions, additionalProperties: false }
}

const content = {
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: '^[\\w.+*-]+/[\\w.+*-]+$' },
  additionalProperties: exactly({ schema, example: {}, examples: {} }),
}

const parameter = exactly(
  {
    name: text,
    in: { enum: ['path', 'query', 'header', 'cookie'] },
    required: { type: 'boolean' },
    description: text,
    style: text,
    explode: { type: 'boolean' },
    schema,
  },
  ['name', 'in', 'required', 'schema'],
)

const operation = exactly(
  {
    operationId: { type: 'string', pattern: '^[a-z][A-Za-z0-9]*$' },
    summary: text,
    description: text,
    tags: { type: 'array', minItems: 1, items: text },
    deprecated: { type: 'boolean' },
    security: { $ref: '#/$defs/security' },
    parameters: { type: 'array', minItems: 1, items: parameter },
    requestBody: exactly({ required: { const: true }, description: text, content }, ['required', 'content']),
    responses: {
      type: 'object',
      minProperties: 2,
      required: ['default'],
      propertyNames: { pattern: '^([1-5]\\d\\d|default)$' },
      additionalProperties: exactly({ description: text, content, headers: { type: 'object' } }, ['description']),
    },
  },
  ['operationId', 'summary', 'tags', 'responses'],
)

const pathItem = {
  type: 'object',
  minProperties: 1,
  propertyNames: { enum: ['get', 'put', 'post', 'delete', 'patch'] },
  additionalProperties: operation,
}

const securityScheme = {
  oneOf: [
    exactly({ type: { const: 'http' }, scheme: text, bearerFormat: text, description: text }, ['type', 'scheme']),
    exactly({ type: { const: 'apiKey' }, in: { enum: ['query', 'header', 'cookie'] }, name: text, description: text }, [
      'type',
      'in',
      'name',
    ]),
  ],
}

export const DOCUMENT_SHAPE = {
  ...exactly(
    {
      openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
      info: exactly(
        {
          title: text,
          version: text,
          summary: text,
          description: text,
          license: exactly({ name: text, identifier: text }, ['name']),
        },
        ['title', 'version'],
      ),
      servers: { type: 'array', items: exactly({ url: text, description: text }, ['url']) },
      tags: { type: 'array', items: exactly({ name: text, description: text }, ['name']) },
      security: { $ref: '#/$defs/security' },
      paths: { type: 'object', propertyNames: { pattern: '^/' }, additionalProperties: pathItem },
      components: exactly(
        {
          schemas: { type: 'object', propertyNames: { pattern: '^[A-Za-z0-9._-]+$' }, additionalProperties: schema },
          securitySchemes: { type: 'object', additionalProperties: securityScheme },
        },
        ['schemas', 'securitySchemes'],
      ),
    },
    ['openapi', 'info', 'paths', 'components'],
  ),
  $defs: {
    security: {
      type: 'array',
      items: { type: 'object', additionalProperties: { type: 'array', items: text } },
    },
    schema: {
      anyOf: [
        { type: 'boolean' },
        exactly({
          $ref: { type: 'string', pattern: '^#/components/schemas/[A-Za-z0-9._-]+$' },
          type: { anyOf: [types, { type: 'array', items: types, minItems: 1, uniqueItems: true }] },
          title: text,
          description: text,
          default: {},
          examples: { type: 'array', minItems: 1 },
          deprecated: { type: 'boolean' },
          readOnly: { type: 'boolean' },
          writeOnly: { type: 'boolean' },
          const: {},
          enum: { type: 'array', minItems: 1, uniqueItems: true },
          anyOf: schemas,
          oneOf: schemas,
          allOf: schemas,
          not: schema,
          properties: { type: 'object', additionalProperties: schema },
          required: { type: 'array', items: text, uniqueItems: true },
          additionalProperties: schema,
          propertyNames: schema,
          minProperties: count,
          maxProperties: count,
          items: schema,
          prefixItems: schemas,
          minItems: count,
          maxItems: count,
          uniqueItems: { type: 'boolean' },
          format: text,
          contentEncoding: text,
          contentMediaType: text,
          pattern: { type: 'string', format: 'regex' },
          minLength: count,
          maxLength: count,
          minimum: number,
          maximum: number,
          exclusiveMinimum: number,
          exclusiveMaximum: number,
          multipleOf: { type: 'number', exclusiveMinimum: 0 },
        }),
      ],
    },
  },
}
