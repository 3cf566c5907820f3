import { Validator } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import { jsonBodyOf, type OpenApi, type Operation, operationsOf, type Schema } from '../support/openapi/document.ts'
import { type Schemas, schemasOf } from '../support/openapi/schemas.ts'
import { DOCUMENT_SHAPE } from '../support/openapi/shape.ts'
import { createApiToWalk, documentsOf } from '../support/openapi/walk.ts'

const documents = await documentsOf(createApiToWalk())
const MAX_TEXT = 10_000

describe.each(documents.map((document) => ({ document, title: document.info.version })))(
  'the document of version $title',
  ({ document }) => {
    const operations = operationsOf(document)
    const schemas = schemasOf(document)

    it('is OpenAPI 3.1, and its schemas are JSON Schema 2020-12 (R1.18)', () => {
      expect(faultsOf(document)).toEqual([])
      const slip = structuredClone(document)
      Object.assign(Object.values(slip.components.schemas)[0] ?? {}, { maxlength: 1 })
      expect(faultsOf(slip)).not.toEqual([])
    })

    it('names every operation once, and every parameter of a path', () => {
      const raw = Object.values(document.paths).flatMap((item) => Object.values(item))
      expect(new Set(raw.map(({ operationId }) => operationId)).size).toBe(raw.length)
      const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{[^}]*\}/g, '{}'))
      expect(new Set(shapes).size).toBe(shapes.length)
      for (const { name, path, parameters } of operations) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path')
        const wanted = [...path.matchAll(/\{([^}]+)\}/g)].map(([, parameter]) => parameter)
        expect([name, ...inPath.map((parameter) => parameter.name).toSorted()]).toEqual([name, ...wanted.toSorted()])
        expect(
          inPath.every(({ required }) => required),
          name,
        ).toBe(true)
        const keys = parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
        expect(new Set(keys).size, name).toBe(keys.length)
      }
    })

    it('refers to nothing that it does not hold, and holds nothing that nobody refers to', () => {
      const all = JSON.stringify(document)
      const used = new Set([...all.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name))
      expect([...used].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted())
      const schemes = Object.keys(document.components.securitySchemes)
      const securities = [document, ...Object.values(document.paths).flatMap((item) => Object.values(item))]
      for (const { security = [] } of securities) {
        for (const name of security.flatMap((one) => Object.keys(one))) expect(schemes).toContain(name)
      }
    })

    it('gives only defaults and examples that its own schemas allow', () => {
      for (const { schema, place } of schemasIn(document)) {
        const values = [...('default' in schema ? [schema.default] : []), ...(schema.examples ?? [])]
        for (const value of values) expect([place, schemas.problems(schema, value)]).toEqual([place, []])
      }
    })

    it('bounds every text of a client at 10,000 characters, and every list, and takes no id of a user but a UUID (R47.6)', () => {
      const loose = operations.flatMap((operation) =>
        inputsOf(operation).flatMap(({ name, schema }) =>
          unbounded(schema, name, schemas).map((place) => `${operation.name} ${place}`),
        ),
      )
      expect(loose).toEqual([])
      expect(unbounded({ type: 'string' }, 'x', schemas)).toEqual(['x'])
      expect(unbounded({ type: 'string', pattern: '^\\d+$' }, 'x', schemas)).toEqual(['x'])
      expect(unbounded({ type: 'array', items: { type: 'boolean' } }, 'x', schemas)).toEqual(['x'])
    })
  },
)

function faultsOf(document: OpenApi): string[] {
  const { errors } = new Validator(DOCUMENT_SHAPE as object, '2020-12', false).validate(document)
  return errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
}

function inputsOf(operation: Operation): { name: string; schema: Schema }[] {
  const body = jsonBodyOf(operation)
  return [...operation.parameters, ...(body ? [{ name: 'body', schema: body }] : [])]
}

/** Where a client could send a text or a list without end, or a user's id of any form. */
function unbounded(given: Schema, place: string, schemas: Schemas, depth = 0): string[] {
  const schema = schemas.resolve(given)
  if (depth > 8 || 'const' in schema || schema.enum) return []
  const { allOf = [], anyOf = [], oneOf = [], properties = {}, items, additionalProperties: more } = schema
  const inner = [
    ...[...anyOf, ...oneOf].map((part) => [part, place] as const),
    ...Object.entries(properties).map(([name, part]) => [part, `${place}.${name}`] as const),
    ...(items ? [[items, `${place}.*`] as const] : []),
    ...(typeof more === 'object' ? [[more, `${place}.*`] as const] : []),
  ].flatMap(([part, where]) => unbounded(part, where, schemas, depth + 1))
  const types = [schema.type].flat()
  const isLoose =
    (types.includes('string') && ![schema, ...allOf].some(boundsText)) ||
    (types.includes('array') && schema.maxItems === undefined) ||
    (/(?:^|\.)userId$/i.test(place) && schema.format !== 'uuid')
  return isLoose ? [place, ...inner] : inner
}

const BOUNDED_FORMATS = ['uuid', 'date-time', 'date', 'time', 'ipv4', 'ipv6']

function boundsText({ maxLength = Number.POSITIVE_INFINITY, format = '', pattern = '' }: Schema): boolean {
  // A pattern that is tied to both ends, and repeats nothing without end.
  const isShort = /^\^.*\$$/s.test(pattern) && !/[*+]|\{\d+,\}/.test(pattern)
  return maxLength <= MAX_TEXT || BOUNDED_FORMATS.includes(format) || isShort
}

function schemasIn(value: unknown, place = ''): { schema: Schema; place: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const found = Object.entries(value).flatMap(([key, inner]) => schemasIn(inner, `${place}/${key}`))
  // The answers of an operation have a `default` too.
  const isSchema = !place.endsWith('/responses') && ('default' in value || 'examples' in value)
  return isSchema ? [{ schema: value as Schema, place }, ...found] : found
}
