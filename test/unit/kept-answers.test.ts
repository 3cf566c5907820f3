import { expect, it } from 'vitest'
import * as z from 'zod'
import { CreateProductBody, MOST_AT_ONCE, ReplaceProductBody } from '../../src/features/catalog/write-schemas.ts'
import { MAX_RESULT_CHARACTERS } from '../../src/platform/idempotency/idempotency.ts'

type Schema = z.core.JSONSchema.JSONSchema

/** An id, times, state, owner, figures of stars, links: what an answer has beside what was written. */
const BESIDE = 4_000
const ESCAPED = { quote: 2, control: 6 }

/** How many characters a value of this schema takes in JSON, at most. @throws where it has no bound */
function mostCharacters(of: z.ZodType): number {
  const root = z.toJSONSchema(of, { io: 'output' }) as Schema
  return mostOf(root, root.$defs as Record<string, Schema>)
}

function mostOf(schema: Schema, defs: Record<string, Schema>): number {
  const { $ref, anyOf, type } = schema
  const inner = (one: unknown) => mostOf(one as Schema, defs)
  if ($ref) return inner(defs[$ref.replace('#/$defs/', '')])
  if (anyOf) return Math.max(...anyOf.map(inner))
  if (type === 'string') return 2 + mostOfText(schema)
  if (type === 'array') return 2 + bound(schema.maxItems) * (1 + inner(schema.items))
  if (type !== 'object') return String(Number.MIN_SAFE_INTEGER).length
  const { properties, propertyNames, additionalProperties, maxProperties } = schema
  if (propertyNames) return 2 + bound(maxProperties) * (2 + inner(propertyNames) + inner(additionalProperties))
  const all = Object.entries(properties ?? {})
  return all.reduce((sum, [name, value]) => sum + name.length + 4 + inner(value), 2)
}

function mostOfText({ maxLength, format, pattern = '', allOf = [] }: Schema): number {
  const exact = /^\^\[A-Z\]\{(\d+)\}\$$/.exec(pattern)?.[1]
  if (format === 'uuid' || exact) return Number(exact ?? 36)
  const patterns = [pattern, ...allOf.map((one) => (one as Schema).pattern ?? '')]
  const takesControls = patterns.every((one) => new RegExp(one, 'u').test('\u0001'))
  return bound(maxLength) * (takesControls ? ESCAPED.control : ESCAPED.quote)
}

function bound(value: number | undefined): number {
  if (value === undefined) throw new Error('It has no bound')
  return value
}

it('the answer about the largest product, whoever wrote its parts one after another, is kept for its repeats', () => {
  const most = BESIDE + mostCharacters(ReplaceProductBody)
  expect(most).toBeGreaterThan(500_000)
  expect(most).toBeLessThan(MAX_RESULT_CHARACTERS)
})

it('the answer to the longest names, slugs and SKUs that are made at once is kept for its repeats', () => {
  const told = CreateProductBody.pick({ name: true, slug: true, sku: true })
  const most = MOST_AT_ONCE * (50 + mostCharacters(told))
  expect(most).toBeGreaterThan(64 * 1024)
  expect(most).toBeLessThan(MAX_RESULT_CHARACTERS)
})

it('what is kept fits a row of the database, however its characters are written', () => {
  expect(3 * MAX_RESULT_CHARACTERS).toBeLessThan(2_000_000)
})
