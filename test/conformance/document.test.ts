import { Validator } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import { flatten } from '../support/openapi/arbitraries.ts'
import { type OpenApi, operationsOf, type Schema } from '../support/openapi/document.ts'
import { inputsOf, isUnbounded, isUndecided, silentFields } from '../support/openapi/inputs.ts'
import { schemasOf } from '../support/openapi/schemas.ts'
import { DOCUMENT_SHAPE } from '../support/openapi/shape.ts'
import { createApiToWalk, documentsOf } from '../support/openapi/walk.ts'

const documents = await documentsOf(createApiToWalk())

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

    it('answers every success in the envelope, lists with where they go on, and 204 with nothing (R1.14, R2.14, R2.15)', () => {
      const bare: string[] = []
      for (const { name, parameters, responses } of operations) {
        for (const [status, { content }] of Object.entries(responses)) {
          const schema = content?.['application/json']?.schema
          if (status === '204') expect([name, content]).toEqual([name, undefined])
          if (!status.startsWith('2') || !schema) continue
          const { required, properties, ...forms } = firstForm(schema)
          const isWrapped = ['success', 'data', 'meta', 'path'].every((field) => required?.includes(field))
          if (!isWrapped) bare.push(name)
          const meta = firstForm(properties?.meta ?? forms)
          if (isWrapped) expect([name, meta.required]).toEqual([name, expect.arrayContaining(['timestamp', 'version'])])
          if (!isWrapped || !parameters.some((one) => one.name === 'page')) continue
          const told = expect.arrayContaining(['page', 'limit', 'total', 'totalPages'])
          expect([name, properties?.data?.type, meta.required]).toEqual([name, 'array', told])
        }
      }
      const outside = ['GET /.well-known/jwks.json', 'GET /metrics', 'GET /openapi/v1.json', 'GET /openapi/v2.json']
      expect(bare.filter((name) => !outside.includes(name))).toEqual([])
    })

    it('has a PATCH take what its PUT takes, each field by the same rules and none demanded (R4.13, R4.17)', () => {
      const pairs = operations.flatMap(({ method, path, body: put }) => {
        const patch = operations.find((one) => one.method === 'PATCH' && one.path === path)?.body
        return method === 'PUT' && patch && put ? [{ path, put, patch }] : []
      })
      expect(pairs.length).toBeGreaterThan(0)
      for (const { path, put, patch } of pairs) {
        const [whole, some] = [put, patch].map(({ content }) =>
          schemas.resolve(content['application/json']?.schema ?? {}),
        )
        expect([path, Object.keys(some?.properties ?? {})]).toEqual([path, Object.keys(whole?.properties ?? {})])
        expect([path, whole?.required?.length === 0, some?.required ?? []]).toEqual([path, false, []])
        for (const [name, field] of Object.entries(whole?.properties ?? {})) {
          // Null takes a number away: a PUT has to name one.
          if (name === 'phoneNumber') continue
          const patched = some?.properties?.[name]
          expect([path, name, rulesOf(patched)]).toEqual([path, name, rulesOf(field)])
          // What is left out stays as it is: it does not become anything.
          expect([path, name, patched?.default]).toEqual([path, name, undefined])
        }
      }
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

    it('bounds every text and list of a client, no text beyond 10,000 characters, and takes no id of a user but a UUID (R47.6)', () => {
      const inputs = operations.flatMap((operation) => inputsOf(operation, schemas))
      expect(inputs.filter(isUnbounded).map(({ place }) => place)).toEqual([])
      const userIds = inputs.filter(({ place }) => /[. ]userId$/i.test(place))
      expect(userIds.filter(({ schema }) => schema.format !== 'uuid').map(({ place }) => place)).toEqual([])
      const loose: Schema[] = [{ type: 'string' }, { type: 'string', pattern: '^\\d+$' }, { type: 'array', items: {} }]
      for (const schema of loose) expect(isUnbounded({ place: '', schema: flatten(schema, schemas) })).toBe(true)
    })

    it('shows or describes every field of every body, and says which of them must be there (R1.12)', () => {
      expect(operations.flatMap((operation) => silentFields(operation, schemas))).toEqual([])
      const bodies = operations.flatMap((operation) => inputsOf(operation, schemas))
      const demanding = bodies.filter(({ schema: { required = [] } }) => required.length > 0)
      expect(demanding.length).toBeGreaterThan(0)
      for (const { place, schema } of demanding) {
        expect([place, Object.keys(schema.properties ?? {})]).toEqual([
          place,
          expect.arrayContaining(schema.required ?? []),
        ])
      }
    })

    it('says of every object of a client whether it takes fields that it does not know', () => {
      const inputs = operations.flatMap((operation) => inputsOf(operation, schemas))
      expect(inputs.filter(isUndecided).map(({ place }) => place)).toEqual([])
      expect(isUndecided({ place: '', schema: { type: 'object', properties: {} } })).toBe(true)
    })
  },
)

/** Without examples and defaults, which are no rules. */
function rulesOf(schema: Schema | undefined): unknown {
  return JSON.parse(
    JSON.stringify(schema ?? {}, (key, value) => (key === 'examples' || key === 'default' ? undefined : value)),
  )
}

/** The usual one of several forms of an answer. */
function firstForm(schema: Schema): Schema {
  return schema.anyOf?.[0] ?? schema
}

function faultsOf(document: OpenApi): string[] {
  const { errors } = new Validator(DOCUMENT_SHAPE as object, '2020-12', false).validate(document)
  return errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
}

function schemasIn(value: unknown, place = ''): { schema: Schema; place: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const found = Object.entries(value).flatMap(([key, inner]) => schemasIn(inner, `${place}/${key}`))
  // The answers of an operation have a `default` too.
  const isSchema = !place.endsWith('/responses') && ('default' in value || 'examples' in value)
  return isSchema ? [{ schema: value as Schema, place }, ...found] : found
}
