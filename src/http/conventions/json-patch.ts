import { isDeepStrictEqual } from 'node:util'
import { deleteIn, getIn, immutableJSONPatch, type JSONPatchOperation, parseJSONPointer } from 'immutable-json-patch'
import * as z from 'zod'
import { Refusal } from '../../platform/errors.ts'

const MAX_OPERATIONS = 50
/** Copies of copies double with each operation: nothing of ours is larger than this. */
const MAX_COPIED_VALUES = 1_000
export const NOTHING_GIVEN = 'No fields provided for update'

/** RFC 6901: `~` stands before `0` or `1` only. */
const Pointer = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'Not a JSON Pointer')
  .meta({ description: 'A JSON Pointer to the field, such as `/name`' })

/** Any: what was read as JSON is JSON. Printed as what holds itself, programs that make clients could not name it. */
const Value = z.unknown().meta({ id: 'JsonValue', description: 'Any JSON value' })

/** The operations of RFC 6902, which has members that it does not know ignored. */
export const JsonPatch = z
  .array(
    z.discriminatedUnion('op', [
      z.object({ op: z.literal('add'), path: Pointer, value: Value }),
      z.object({ op: z.literal('replace'), path: Pointer, value: Value }),
      z.object({ op: z.literal('test'), path: Pointer, value: Value }),
      z.object({ op: z.literal('remove'), path: Pointer }),
      z.object({ op: z.literal('move'), from: Pointer, path: Pointer }),
      z.object({ op: z.literal('copy'), from: Pointer, path: Pointer }),
    ]),
  )
  .min(1, NOTHING_GIVEN)
  .max(MAX_OPERATIONS)
  .meta({ id: 'JsonPatch' })
export type JsonPatch = z.output<typeof JsonPatch>
type Operation = JsonPatch[number]

/** What keeps an operation from its effect: a `test` that does not hold, or a path that leads nowhere. */
class Impossible extends Error {
  readonly isTest: boolean

  constructor(message: string, isTest = false) {
    super(message)
    this.isTest = isTest
  }
}

/**
 * A document after these operations; itself it stays as it is. Only fields that it has can be named: it is the list of
 * what may be changed.
 * @throws Refusal 409 for a failed `test`, 422 for a path that leads nowhere
 */
export function operate(document: Record<string, unknown>, operations: JsonPatch): unknown {
  const fields = new Set(Object.keys(document))
  let result: unknown = document
  for (const [i, operation] of operations.entries()) {
    try {
      for (const pointer of pointersOf(operation)) demandField(fields, pointer)
      result = applyOperation(result, operation)
    } catch (error) {
      if (!(error instanceof Impossible)) throw error
      if (error.isTest) throw new Refusal('CONFLICT', `The test of operation ${i} does not hold`)
      throw new Refusal('UNPROCESSABLE', 'The patch cannot be applied', {
        fields: [{ field: `${i}.path`, message: error.message }],
      })
    }
  }
  return result
}

function pointersOf(operation: Operation): string[] {
  return 'from' in operation ? [operation.path, operation.from] : [operation.path]
}

function demandField(fields: ReadonlySet<string>, pointer: string): void {
  const [first = ''] = parseJSONPointer(pointer)
  if (!fields.has(first)) throw new Impossible(`There is no field at ${pointer} that can be changed`)
}

/**
 * One operation on any document. The library takes paths that lead nowhere for its own; so it is asked only where what
 * RFC 6902 demands of them holds.
 */
export function applyOperation(document: unknown, operation: Operation): unknown {
  const path = parseJSONPointer(operation.path)
  switch (operation.op) {
    case 'test':
      if (isDeepStrictEqual(getIn(document, demandThere(document, path)), operation.value)) return document
      throw new Impossible('The test does not hold', true)
    case 'add':
      demandPlace(document, path)
      break
    case 'replace':
    case 'remove':
      demandThere(document, path)
      break
    case 'copy': {
      const from = demandThere(document, parseJSONPointer(operation.from))
      if (countValues(getIn(document, from)) > MAX_COPIED_VALUES) throw new Impossible('That is too large to be copied')
      demandPlace(document, path)
      break
    }
    case 'move': {
      const from = demandThere(document, parseJSONPointer(operation.from))
      // Where it would go is looked for once it has been taken away: so nothing moves into itself either.
      if (operation.from !== operation.path) demandPlace(deleteIn(document, from), path)
      break
    }
  }
  if (operation.op === 'remove' && path.length === 0) return null
  if (operation.op === 'move' && operation.from === operation.path) return document
  return immutableJSONPatch(document, [operation as JSONPatchOperation])
}

function demandThere(document: unknown, path: string[]): string[] {
  if (isThere(document, path)) return path
  throw new Impossible('There is nothing at this place')
}

/** A place for something new: the whole, a member of an object, an item of a list or the one after its last. */
function demandPlace(document: unknown, path: string[]): void {
  const name = path.at(-1)
  if (name === undefined) return
  const parentPath = path.slice(0, -1)
  const parent = isThere(document, parentPath) ? getIn(document, parentPath) : undefined
  const fits = Array.isArray(parent)
    ? name === '-' || isIndex(name, parent.length)
    : isObject(parent) && name !== '__proto__'
  if (!fits) throw new Impossible('There is nothing at this place')
}

function isThere(document: unknown, path: readonly string[]): boolean {
  let value = document
  for (const name of path) {
    if (Array.isArray(value) ? !isIndex(name, value.length - 1) : !isObject(value) || !Object.hasOwn(value, name)) {
      return false
    }
    value = (value as Record<string, unknown>)[name]
  }
  return true
}

function isIndex(name: string, largest: number): boolean {
  return /^(?:0|[1-9]\d*)$/.test(name) && Number(name) <= largest
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** How many values it is, itself with it; no more than are worth counting. */
function countValues(value: unknown): number {
  let count = 0
  const waiting = [value]
  while (waiting.length > 0 && count <= MAX_COPIED_VALUES) {
    const next = waiting.pop()
    count += 1
    if (isObject(next)) waiting.push(...Object.values(next).slice(0, MAX_COPIED_VALUES))
  }
  return count
}
