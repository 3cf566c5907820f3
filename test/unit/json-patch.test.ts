import fc from 'fast-check'
import specTests from 'json-patch-test-suite/spec_tests.json'
import tests from 'json-patch-test-suite/tests.json'
import { describe, expect, it } from 'vitest'
import { applyOperation, JsonPatch, operate } from '../../src/http/conventions/json-patch.ts'
import { Refusal } from '../../src/platform/errors.ts'

interface Vector {
  comment?: string
  doc: unknown
  patch: object[]
  expected?: unknown
  error?: string
  disabled?: boolean
}

const vectors = ([...specTests, ...tests] as Vector[]).filter(
  ({ disabled, expected, error }) => !disabled && (expected !== undefined || error !== undefined),
)

describe('the vectors of the RFC’s own suite', () => {
  it.each(vectors.map((vector, i) => [vector.comment ?? vector.error ?? `number ${i}`, vector] as const))(
    '%s (R4.15)',
    (_comment, { doc, patch, expected, error }) => {
      if (patch.length === 0) return
      const apply = () => {
        const parsed = JsonPatch.parse(patch)
        return parsed.reduce<unknown>((document, operation) => applyOperation(document, operation), doc)
      }
      if (error === undefined) expect(apply()).toEqual(expected)
      else expect(apply).toThrow()
    },
  )
})

const document = { name: 'Ann', age: 7, active: true, bio: null, tags: ['a', 'b'], attributes: { colour: 'blue' } }
const refusalOf = (...operations: object[]) => {
  try {
    operate(document, JsonPatch.parse(operations))
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return undefined
}

it.each([
  { op: 'add', path: '/name/x', value: 1 },
  { op: 'remove', path: '/name/0' },
  { op: 'remove', path: '/name/length' },
  { op: 'add', path: '/age/x', value: 1 },
  { op: 'add', path: '/bio/x', value: 1 },
  { op: 'replace', path: '/active/x', value: 1 },
  { op: 'move', from: '/name/0', path: '/bio' },
  { op: 'remove', path: '/tags/length' },
  { op: 'remove', path: '/tags/-' },
  { op: 'replace', path: '/tags/foo', value: 'x' },
  { op: 'replace', path: '/tags/01', value: 'x' },
  { op: 'copy', from: '/tags/0', path: '/tags/x' },
  { op: 'move', from: '/tags/0', path: '/tags/99' },
  { op: 'move', from: '/tags/0', path: '/tags/2' },
  { op: 'remove', path: '/attributes/toString' },
  { op: 'add', path: '/attributes/__proto__', value: {} },
  { op: 'move', from: '/attributes', path: '/attributes/in' },
])('$op $from $path leads nowhere (R4.16)', (operation) => {
  expect(refusalOf(operation)).toBe('UNPROCESSABLE')
})

it('a few operations that double what is there each time are refused before it grows', () => {
  const doublings = Array.from({ length: 49 }, (_, n) => ({ op: 'copy', from: '/bio', path: `/bio/copy${n}` }))
  expect(refusalOf({ op: 'add', path: '/bio', value: {} }, ...doublings)).toBe('UNPROCESSABLE')
})

it('long lists are compared in one walk', () => {
  const [ones, twos] = [1, 2].map((value) => Array.from({ length: 5_000 }, () => value))
  expect(refusalOf({ op: 'add', path: '/bio', value: ones }, { op: 'test', path: '/bio', value: twos })).toBe(
    'CONFLICT',
  )
})

it('the document itself stays as it is, whatever the pointers', () => {
  const name = fc.constantFrom(
    'name',
    'age',
    'bio',
    'tags',
    'attributes',
    '0',
    '1',
    '-',
    'length',
    '__proto__',
    'colour',
  )
  const pointer = fc.array(name, { maxLength: 4 }).map((names) => names.map((one) => `/${one}`).join(''))
  const operation = fc.oneof(
    fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path: pointer, value: fc.jsonValue() }),
    fc.record({ op: fc.constant('remove'), path: pointer }),
    fc.record({ op: fc.constantFrom('move', 'copy'), path: pointer, from: pointer }),
  )
  const before = structuredClone(document)
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 8 }), (operations) => {
      refusalOf(...operations)
      expect(document).toEqual(before)
      expect(({} as Record<string, unknown>).colour).toBeUndefined()
    }),
    { numRuns: 1_000 },
  )
})
