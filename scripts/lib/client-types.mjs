import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { compile } from 'json-schema-to-typescript'
import { apiDocument } from './api-document.mjs'
import { ROOT } from './cli.mjs'
import { importSource } from './import-source.mjs'

const BANNER = `/**
 * Made by \`npm run client\` from the OpenAPI document and the commands of rooms. Do not edit: \`npm run check\` compares.
 * Every shape on the wire, and every operation with what it takes and answers.
 */`
const METHODS = ['get', 'post', 'put', 'patch', 'delete']
const NOTHING = { tsType: 'undefined' }
const EMPTY = { tsType: 'Record<string, never>' }
/** Every answer has one of these beside its data; the first whose field is there. */
const METAS = {
  hasPrevPage: 'ListPageMeta',
  nextAfter: 'ListKeysetMeta',
  hasMore: 'ListCursorMeta',
  total: 'PageMeta',
  nextCursor: 'CursorMeta',
  requestId: 'Meta',
}

/** The text of src/client/api-types.ts, as it has to be for the routes as they are now. */
export async function clientTypes() {
  const { jsonSchema, lift, ROOM_COMMANDS } = await importSource(
    'src/http/openapi/schema.ts',
    'src/features/chat/commands.ts',
  )
  const document = await apiDocument()
  const { schemas } = document.components
  // Elsewhere `{}` is anything; under a name it would become an object.
  schemas.JsonValue.tsType = 'unknown'
  const operations = listOperations(document)
  nameMetas(operations, schemas)
  const commands = Object.entries(ROOM_COMMANDS).map(([name, data]) => {
    const schema = lift(jsonSchema(data, 'input'), schemas)
    return [name, Object.keys(schema.properties ?? schema).length === 0 ? EMPTY : schema]
  })
  const schema = {
    title: 'Schemas',
    ...objectOf({
      operations: { $ref: '#/definitions/Operations' },
      commands: { $ref: '#/definitions/RoomCommands' },
    }),
    definitions: {
      ...schemas,
      Operations: objectOf(Object.fromEntries(operations.map(({ key, schema }) => [key, schema]))),
      RoomCommands: objectOf(Object.fromEntries(commands)),
    },
  }
  const text = await compile(
    JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/definitions/')),
    '',
    {
      additionalProperties: false,
      bannerComment: BANNER,
      format: false,
      ignoreMinAndMaxItems: true,
      unreachableDefinitions: true,
    },
  )
  const keyed = operations.filter(({ isKeyed }) => isKeyed).map(({ key }) => `'${key}'`)
  return formatted(`${withoutNoise(text)}
/** The operations that take an \`Idempotency-Key\`. */
export const KEYED_OPERATIONS: ReadonlySet<string> = new Set([${keyed.join(', ')}])
`)
}

/** A name for each kind of `meta`, which would else stand at every operation. */
function nameMetas(operations, schemas) {
  for (const { schema } of operations) {
    const { meta } = schema.properties
    for (const one of meta.anyOf ?? [meta]) {
      const field = Object.keys(METAS).find((name) => one.properties?.[name])
      if (field === undefined) continue
      schemas[METAS[field]] = { ...one }
      for (const key of Object.keys(one)) delete one[key]
      one.$ref = `#/definitions/${METAS[field]}`
    }
  }
}

/** Sockets are opened, not called. */
function listOperations({ paths }) {
  return Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => operations[method] && !operations[method].responses['101']).map((method) => ({
      key: `${method.toUpperCase()} ${path}`,
      isKeyed: operations[method]['x-idempotency'] !== 'off',
      schema: shapeOf(operations[method]),
    })),
  )
}

/** What one operation takes and answers: `params`, `query` and `body` only where it has them. */
function shapeOf({ summary, parameters = [], requestBody, responses }) {
  const part = (place) => {
    const found = parameters.filter((parameter) => parameter.in === place)
    const fields = Object.fromEntries(found.map(({ name, schema }) => [name, schema]))
    return found.length === 0
      ? {}
      : objectOf(
          fields,
          found.filter(({ required }) => required).map(({ name }) => name),
        )
  }
  const params = part('path')
  const query = part('query')
  const body = requestBody?.content['application/json'].schema
  return {
    description: summary,
    ...objectOf({
      ...(params.properties ? { params } : {}),
      ...(query.properties ? { query } : {}),
      ...(body ? { body } : {}),
      data: answerOf(responses, 'data'),
      meta: answerOf(responses, 'meta'),
    }),
  }
}

/** One field of the envelope, in whatever success it comes; without an envelope the whole answer is the data. */
function answerOf(responses, field) {
  const found = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([, { content }]) => content?.['application/json'].schema)
    // Of several forms the first is the usual one, and the client asks for no other.
    .map((schema) => (schema?.anyOf?.[0].properties?.success ? schema.anyOf[0] : schema))
    .map((schema) => {
      if (schema === undefined) return NOTHING
      if (schema.properties?.success) return schema.properties[field]
      return field === 'data' ? schema : NOTHING
    })
  const different = [...new Map(found.map((schema) => [JSON.stringify(schema), schema])).values()]
  return different.length === 1 ? different[0] : { anyOf: different }
}

function objectOf(properties, required = Object.keys(properties)) {
  return { type: 'object', properties, required, additionalProperties: false }
}

/** The root is only there to hold the others, and who refers to whom can be seen. */
function withoutNoise(text) {
  return text
    .replaceAll(/^\s*\*? ?(?:\*\s*)?This (?:interface|type) was referenced by .*\n.*via the `definition` .*\n/gm, '')
    .replaceAll(/\/\*\*\s*\*\/\n/g, '')
    .replaceAll(/\/\*\*\n\s*\* (.*)\n\s*\*\//g, '/** $1 */')
    .replace(/export interface Schemas \{[^}]*\}\n/, '')
}

function formatted(text) {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')
  return execFileSync(process.execPath, [biome, 'format', '--stdin-file-path=api-types.ts'], {
    cwd: ROOT,
    input: text,
    encoding: 'utf8',
  })
}
