import fc from 'fast-check'
import type { Schema } from './document.ts'
import type { Schemas } from './schemas.ts'
import { type TextRules, texts, untilKept } from './strings.ts'

export interface Sources {
  schemas: Schemas
  /** Groups of values that were seen under this name, or that are of this format, each with its weight. */
  known(name: string, schema: Schema): Known[]
}

export interface Known {
  weight: number
  values: unknown[]
}

const MAX_DEPTH = 5
const USUAL_ITEMS = 4
/** A list is filled to its limit where that is not larger. */
const MAX_FULL_ITEMS = 200
const MAX_ABSOLUTE = Number.MAX_SAFE_INTEGER

/**
 * Values that a schema allows. `name` is what it is called where it stands, so that values which were seen
 * under that name can take its place.
 */
export function valuesOf(schema: Schema, sources: Sources, name = '', depth = 0): fc.Arbitrary<unknown> {
  const flat = flatten(schema, sources.schemas)
  const allows = (value: unknown) => sources.schemas.problems(schema, value).length === 0
  const made = untilKept(shapeOf(flat, sources, name, depth), allows, `a value of ${JSON.stringify(schema)}`)
  const known = [...sources.known(name, flat), { weight: 4, values: flat.examples ?? [] }]
    .map(({ weight, values }) => ({ weight, values: values.filter(allows) }))
    .filter(({ values }) => values.length > 0)
    .map(({ weight, values }) => ({ weight, arbitrary: fc.constantFrom(...values) }))
  // Nobody guesses what a rule in words is about, where there are examples of it.
  if ('x-rule' in flat && flat.examples && known.length > 0) return fc.oneof(...known)
  // An id that was never seen is of nothing; other texts are worth inventing.
  return fc.oneof(...known, { weight: flat.format === 'uuid' ? 2 : 10, arbitrary: made })
}

function shapeOf(schema: Schema, sources: Sources, name: string, depth: number): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) {
    const { anyOf: _, oneOf: __, ...rest } = schema
    return fc.oneof(...choices.map((choice) => valuesOf({ allOf: [rest, choice] }, sources, name, depth)))
  }
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type) => shapeOf({ ...schema, type }, sources, name, depth)))
  }
  switch (schema.type ?? (schema.properties ? 'object' : undefined)) {
    case 'string':
      return texts(textRules(schema))
    case 'integer':
      return integers(schema)
    case 'number':
      return fc.oneof(integers(schema), fractions(schema))
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return lists(schema, sources, name, depth)
    case 'object':
      return objects(schema, sources, depth)
    default:
      return fc.jsonValue({ maxDepth: 1 })
  }
}

/** One schema that says what a schema and all of its `allOf` say. */
export function flatten(schema: Schema, schemas: Schemas): Schema {
  const { allOf = [], ...own } = schemas.resolve(schema)
  const parts = [own, ...allOf.map((part) => flatten(part, schemas))]
  const patterns = parts.flatMap((part) => [...(part.pattern ? [part.pattern] : []), ...patternsOf(part)])
  return {
    ...Object.assign({}, ...parts),
    ...(parts.some(({ properties }) => properties) && {
      properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
      required: parts.flatMap(({ required = [] }) => required),
    }),
    ...(patterns.length > 0 && { patterns: [...new Set(patterns)] }),
  }
}

function patternsOf({ patterns }: Schema): string[] {
  return Array.isArray(patterns) ? patterns.map(String) : []
}

function textRules(schema: Schema): TextRules {
  return {
    minLength: schema.minLength ?? 0,
    maxLength: schema.maxLength ?? Number.POSITIVE_INFINITY,
    patterns: patternsOf(schema).map((source) => new RegExp(source, 'u')),
    format: schema.format,
  }
}

function integers(schema: Schema): fc.Arbitrary<number> {
  const step = schema.multipleOf ?? 1
  const min = Math.max(schema.minimum ?? -MAX_ABSOLUTE, (schema.exclusiveMinimum ?? -Infinity) + 1)
  const max = Math.min(schema.maximum ?? MAX_ABSOLUTE, (schema.exclusiveMaximum ?? Infinity) - 1)
  return fc.integer({ min: Math.ceil(min / step), max: Math.floor(max / step) }).map((times) => times * step)
}

function fractions(schema: Schema): fc.Arbitrary<number> {
  const min = schema.minimum ?? schema.exclusiveMinimum ?? -1e9
  const max = schema.maximum ?? schema.exclusiveMaximum ?? 1e9
  return fc.double({ min, max, noNaN: true })
}

function lists(schema: Schema, sources: Sources, name: string, depth: number): fc.Arbitrary<unknown[]> {
  const { items = {}, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema
  if (depth >= MAX_DEPTH && minItems === 0) return fc.constant([])
  const item = valuesOf(items, sources, name, depth + 1)
  const of = (minLength: number, maxLength: number): fc.Arbitrary<unknown[]> =>
    schema.uniqueItems
      ? fc.uniqueArray(item, { minLength, maxLength, selector: (value) => JSON.stringify(value), size: 'max' })
      : fc.array(item, { minLength, maxLength, size: 'max' })
  const usual = of(minItems, Math.max(minItems, Math.min(maxItems, USUAL_ITEMS)))
  if (maxItems > MAX_FULL_ITEMS || sources.schemas.resolve(items).enum) return usual
  const few = of(minItems, Math.max(minItems, 1))
  return fc.oneof(
    { weight: 6, arbitrary: few },
    { weight: 6, arbitrary: usual },
    { weight: 1, arbitrary: of(maxItems, maxItems) },
  )
}

function objects(schema: Schema, sources: Sources, depth: number): fc.Arbitrary<object> {
  const { properties = {}, required = [], additionalProperties } = schema
  const names = Object.keys(properties).filter((name) => depth < MAX_DEPTH || required.includes(name))
  const own = fc.record(
    Object.fromEntries(names.map((name) => [name, valuesOf(properties[name] ?? {}, sources, name, depth + 1)])),
    { requiredKeys: names.filter((name) => required.includes(name)), noNullPrototype: true },
  )
  if (typeof additionalProperties !== 'object') return own
  const more = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    valuesOf(additionalProperties, sources, '', depth + 1),
    { maxKeys: depth < MAX_DEPTH ? 3 : 0, noNullPrototype: true },
  )
  return fc.tuple(more, own).map(([others, known]) => ({ ...others, ...known }))
}
