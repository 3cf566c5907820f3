import { applyPatch as applyOperations } from 'rfc6902'
import { z } from 'zod'
import { Refusal } from '../../platform/errors.ts'

const MAX_OPERATIONS = 50
export const NOTHING_GIVEN = 'No fields provided for update'

/** RFC 6901: `~` stands before `0` or `1` only. */
const Pointer = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'Not a JSON Pointer')

const Value = z.json().meta({ id: 'JsonValue' })
const Operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add'), path: Pointer, value: Value }),
  z.strictObject({ op: z.literal('replace'), path: Pointer, value: Value }),
  z.strictObject({ op: z.literal('test'), path: Pointer, value: Value }),
  z.strictObject({ op: z.literal('remove'), path: Pointer }),
  z.strictObject({ op: z.literal('move'), from: Pointer, path: Pointer }),
  z.strictObject({ op: z.literal('copy'), from: Pointer, path: Pointer }),
])
type Operation = z.output<typeof Operation>

export const JsonPatch = z.array(Operation).min(1, NOTHING_GIVEN).max(MAX_OPERATIONS).meta({ id: 'JsonPatch' })
export type JsonPatch = z.output<typeof JsonPatch>

/**
 * Does RFC 6902's operations to `document`, which is the caller's own copy, one after the other. Pointers lead through
 * what is really there: own members, and places of lists as RFC 6901 writes them.
 * @throws Refusal 409 for a `test` that does not hold, 422 for a path that leads nowhere
 */
export function applyJsonPatch(document: object, operations: JsonPatch): object {
  const fields = new Set(Object.keys(document))
  for (const [i, operation] of operations.entries()) {
    for (const pointer of [operation.path, ...('from' in operation ? [operation.from] : [])]) {
      const [field = ''] = tokensOf(pointer)
      if (!fields.has(field)) throw nowhere(i, `There is no field at ${pointer} that can be changed`)
    }
    if (!leadsSomewhere(document, operation)) throw nowhere(i, 'There is nothing at this place')
    const [error] = applyOperations(document, [operation])
    if (error?.name === 'TestError') throw new Refusal('CONFLICT', `The test of operation ${i} does not hold`)
    if (error) throw nowhere(i, 'There is nothing at this place')
  }
  return document
}

/** Asked before the library is, which takes a member that a text or a list inherits for one of its own. */
function leadsSomewhere(document: object, operation: Operation): boolean {
  const [path, from] = [tokensOf(operation.path), 'from' in operation ? tokensOf(operation.from) : undefined]
  if (from && valueAt(document, from) === undefined) return false
  if (operation.op === 'replace' || operation.op === 'test' || operation.op === 'remove') {
    return valueAt(document, path) !== undefined
  }
  const parent = valueAt(document, path.slice(0, -1))
  const token = path.at(-1) ?? ''
  if (!Array.isArray(parent)) return typeof parent === 'object' && parent !== null && !INHERITED.has(token)
  // What is moved within its list has left it before it comes to its place.
  const isWithin = operation.op === 'move' && from && valueAt(document, from.slice(0, -1)) === parent
  return token === '-' || (INDEX.test(token) && Number(token) <= parent.length - (isWithin ? 1 : 0))
}

const INDEX = /^(?:0|[1-9]\d*)$/
/** Names by which objects have what is not theirs: nobody's data is called so. */
const INHERITED = new Set(['__proto__', 'constructor', 'prototype'])

/** Undefined where there is nothing; JSON has no such value. */
function valueAt(document: unknown, tokens: readonly string[]): unknown {
  let value = document
  for (const token of tokens) {
    if (typeof value !== 'object' || value === null || INHERITED.has(token)) return undefined
    if (Array.isArray(value) ? !INDEX.test(token) : !Object.hasOwn(value, token)) return undefined
    value = (value as Record<string, unknown>)[token]
  }
  return value
}

/** RFC 6901, section 4. */
function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function nowhere(operation: number, message: string): Refusal {
  return new Refusal('UNPROCESSABLE', 'The patch cannot be applied', {
    fields: [{ field: `${operation}.path`, message }],
  })
}
