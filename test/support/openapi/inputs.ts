import { flatten } from './arbitraries.ts'
import { jsonBodyOf, type Operation, type Schema } from './document.ts'
import type { Schemas } from './schemas.ts'

export interface Input {
  /** `POST /v1/things body.lines.*.sku` */
  place: string
  schema: Schema
}

const MAX_DEPTH = 8
const MAX_TEXT = 10_000
const BOUNDED_FORMATS = ['uuid', 'date-time', 'date', 'time', 'ipv4', 'ipv6']

/** Every schema that something has to meet which a client sends. */
export function inputsOf(operation: Operation, schemas: Schemas): Input[] {
  const body = jsonBodyOf(operation)
  return [...operation.parameters, ...(body ? [{ name: 'body', schema: body }] : [])].flatMap(({ name, schema }) =>
    walk(schema, `${operation.name} ${name}`, schemas),
  )
}

function walk(given: Schema, place: string, schemas: Schemas, depth = 0): Input[] {
  if (depth > MAX_DEPTH) return []
  const schema = flatten(given, schemas)
  const { anyOf = [], oneOf = [], properties = {}, items, additionalProperties: more } = schema
  const inner: [Schema, string][] = [
    ...[...anyOf, ...oneOf].map((part): [Schema, string] => [part, place]),
    ...Object.entries(properties).map(([name, part]): [Schema, string] => [part, `${place}.${name}`]),
    ...(items ? [[items, `${place}.*`] satisfies [Schema, string]] : []),
    ...(typeof more === 'object' ? [[more, `${place}.*`] satisfies [Schema, string]] : []),
  ]
  return [{ place, schema }, ...inner.flatMap(([part, where]) => walk(part, where, schemas, depth + 1))]
}

/** The fields of all bodies, whatever their media types, that are neither described nor shown by an example. */
export function silentFields(operation: Operation, schemas: Schemas): string[] {
  const bodies = Object.values(operation.body?.content ?? {}).flatMap(({ schema }): Schema[] =>
    schema ? [schema] : [],
  )
  const inputs = bodies.flatMap((schema) => walk(schema, `${operation.name} body`, schemas))
  const fields = new Set(inputs.map(({ place }) => place).filter((place) => /\.[^.*]+$/.test(place)))
  // A field that may be null is its own place and that of each form which it takes.
  for (const { place, schema } of inputs) if (WORDS.some((keyword) => keyword in schema)) fields.delete(place)
  return [...fields]
}

const WORDS = ['description', 'examples', 'const', 'enum', 'x-rule']

/** A text or list without end. */
export function isUnbounded({ schema }: Input): boolean {
  if ('const' in schema || schema.enum) return false
  const types = [schema.type].flat()
  return (types.includes('string') && !boundsText(schema)) || (types.includes('array') && schema.maxItems === undefined)
}

function boundsText({ maxLength = Number.POSITIVE_INFINITY, format = '', patterns }: Schema): boolean {
  if (maxLength <= MAX_TEXT || BOUNDED_FORMATS.includes(format)) return true
  // A pattern that is tied to both ends, and repeats nothing without end.
  const isShort = (pattern: unknown) => /^\^.*\$$/s.test(String(pattern)) && !/[*+]|\{\d+,\}/.test(String(pattern))
  return Array.isArray(patterns) && patterns.some(isShort)
}

/** An object that does not say what becomes of a field which it does not know: zod's plain one drops it. */
export function isUndecided({ schema }: Input): boolean {
  return schema.type === 'object' && schema.additionalProperties === undefined
}
