import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { applyPatch, mergePatch, PATCH_TYPES } from '../../src/http/conventions/patch.ts'
import { Refusal } from '../../src/platform/errors.ts'

const Whole = z.strictObject({
  name: z.string().min(1).max(20),
  phone: z.string().max(20).nullable().default(null),
  tags: z.array(z.string()).max(5).default([]),
  attributes: z.record(z.string(), z.string()).default({}),
})
const current = { name: 'Ann', phone: '+49 1', tags: ['a', 'b'], attributes: { colour: 'blue', size: 'M' } }

const patched = (mediaType: string, body: unknown) => applyPatch({ mediaType, body, current, whole: Whole })
const operate = (...body: unknown[]) => patched(PATCH_TYPES.operations, body)
const refusalOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, field: error.fields?.[0]?.field }
    throw error
  }
  return undefined
}

describe('a patch by fields', () => {
  it('changes what it names and nothing else (R4.6)', () => {
    expect(patched(PATCH_TYPES.fields, { name: 'Bob' })).toEqual({ ...current, name: 'Bob' })
    expect(patched(PATCH_TYPES.fields, { phone: null, attributes: { size: 'L' } })).toEqual({
      ...current,
      phone: null,
      attributes: { size: 'L' },
    })
  })

  it('of nothing, of a null that may not be, and of fields that there are not is refused (R4.7, R4.14)', () => {
    expect(refusalOf(() => patched(PATCH_TYPES.fields, {}))).toEqual({ code: 'VALIDATION_FAILED', field: '(all)' })
    expect(refusalOf(() => patched(PATCH_TYPES.fields, { name: null }))).toMatchObject({ field: 'name' })
    expect(refusalOf(() => patched(PATCH_TYPES.fields, { operation: 'increment' }))).toMatchObject({
      field: 'operation',
    })
  })
})

describe('a merge patch', () => {
  // The examples of RFC 7396, appendix A.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('makes of %s by %s: %s', (target, patch, result) => {
    expect(mergePatch(JSON.parse(target), JSON.parse(patch))).toEqual(JSON.parse(result))
  })

  it('merges maps, takes away by null, and resets what a PUT would reset (R4.8)', () => {
    expect(patched(PATCH_TYPES.merge, { phone: null, attributes: { size: null, cut: 'wide' } })).toEqual({
      ...current,
      phone: null,
      attributes: { colour: 'blue', cut: 'wide' },
    })
  })

  it('reaches no prototype, whatever its names are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        mergePatch(target, patch)
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
    )
    const evil = JSON.parse('{"__proto__":{"isAdmin":true},"name":"x"}')
    expect(refusalOf(() => patched(PATCH_TYPES.merge, evil))).toMatchObject({ code: 'VALIDATION_FAILED' })
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
  })
})

describe('a JSON Patch', () => {
  it('knows all six operations, one after the other (R4.15, R4.16)', () => {
    const result = operate(
      { op: 'test', path: '/name', value: 'Ann' },
      { op: 'replace', path: '/name', value: 'Bob' },
      { op: 'add', path: '/tags/-', value: 'c' },
      { op: 'copy', from: '/attributes/size', path: '/attributes/cut' },
      { op: 'move', from: '/tags/0', path: '/tags/2' },
      { op: 'remove', path: '/attributes/size' },
    )
    expect(result).toEqual({ ...current, name: 'Bob', tags: ['b', 'c', 'a'], attributes: { colour: 'blue', cut: 'M' } })
  })

  it('reads `~1` and `~0` in its pointers as RFC 6901 has it (R4.16)', () => {
    const result = operate(
      { op: 'add', path: '/attributes/a~1b', value: 'slash' },
      { op: 'add', path: '/attributes/m~0n', value: 'tilde' },
      { op: 'add', path: '/attributes/x~01y', value: 'both' },
      { op: 'test', path: '/attributes/a~1b', value: 'slash' },
    )
    expect(result.attributes).toEqual({ ...current.attributes, 'a/b': 'slash', 'm~n': 'tilde', 'x~1y': 'both' })
  })

  it('is all or nothing, and a test that does not hold is a conflict (R4.16)', () => {
    const before = structuredClone(current)
    const steps = [
      { op: 'replace', path: '/name', value: 'Bob' },
      { op: 'test', path: '/tags/0', value: 'z' },
    ]
    expect(refusalOf(() => operate(...steps))).toEqual({ code: 'CONFLICT', field: undefined })
    expect(current).toEqual(before)
  })

  it.each([
    ['no list', { op: 'remove', path: '/name' }],
    ['no operation', [{ op: 'increment', path: '/name' }]],
    ['no pointer', [{ op: 'remove', path: 'name' }]],
    ['nothing in it', []],
    ['more than fifty', Array.from({ length: 51 }, () => ({ op: 'test', path: '/name', value: 'Ann' }))],
  ])('with %s is not valid (R4.16)', (_what, body) => {
    expect(refusalOf(() => patched(PATCH_TYPES.operations, body))).toMatchObject({ code: 'VALIDATION_FAILED' })
  })

  it.each([
    ['a field that cannot be changed', { op: 'replace', path: '/id', value: 'x' }],
    ['the whole', { op: 'replace', path: '', value: {} }],
    ['a prototype', { op: 'add', path: '/__proto__/isAdmin', value: true }],
    ['a place that is not there', { op: 'remove', path: '/attributes/none' }],
    ['a place beyond the end of a list', { op: 'add', path: '/tags/9', value: 'x' }],
    ['a place within a text', { op: 'add', path: '/name/-', value: 'x' }],
    ['what a text has by nature', { op: 'test', path: '/name/length', value: 3 }],
    ['what a list has by nature', { op: 'replace', path: '/tags/length', value: 0 }],
    ['what an object has by nature', { op: 'remove', path: '/attributes/toString' }],
    ['a prototype within', { op: 'add', path: '/attributes/__proto__/cut', value: 'wide' }],
    ['a prototype as a member', { op: 'add', path: '/attributes/__proto__', value: {} }],
    ['a place that is not written so', { op: 'replace', path: '/tags/01', value: 'x' }],
    ['the end of a list, where something must be', { op: 'replace', path: '/tags/-', value: 'x' }],
    ['a copy beyond the end of a list', { op: 'copy', from: '/tags/0', path: '/tags/9' }],
    ['a copy to no place of a list', { op: 'copy', from: '/tags/0', path: '/tags/first' }],
    ['a move beyond the end that is then left', { op: 'move', from: '/tags/0', path: '/tags/2' }],
    ['a move into itself', { op: 'move', from: '/attributes', path: '/attributes/size' }],
    ['what it copies from elsewhere', { op: 'copy', from: '/passwordHash', path: '/name' }],
  ])('leads nowhere with %s (R4.16)', (_what, operation) => {
    expect(refusalOf(() => operate(operation))).toEqual({ code: 'UNPROCESSABLE', field: '0.path' })
  })

  it('is refused where what it would become is not valid (R4.16)', () => {
    expect(refusalOf(() => operate({ op: 'replace', path: '/name', value: '' }))).toMatchObject({ field: 'name' })
    expect(refusalOf(() => operate({ op: 'remove', path: '/name' }))).toMatchObject({ field: 'name' })
    expect(refusalOf(() => operate({ op: 'add', path: '/tags/-', value: 7 }))).toMatchObject({ field: 'tags.2' })
  })

  it('never fails in another way than by a refusal', () => {
    const pointer = fc.oneof(
      fc.constantFrom('/name', '/tags/0', '/tags/-', '/attributes/size', '/attributes', '', '/', '/tags/x', '/~1'),
      fc
        .array(fc.constantFrom('name', 'tags', 'attributes', 'phone', '-', '0', 'length', '__proto__', 'constructor'))
        .map((tokens) => `/${tokens.join('/')}`),
      fc.string().map((text) => `/${text.replaceAll(/[~/]/g, '')}`),
    )
    const operation = fc.record(
      {
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
        path: pointer,
        from: pointer,
        value: fc.jsonValue(),
      },
      { requiredKeys: ['op', 'path', 'from', 'value'] },
    )
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 6 }), (operations) => {
        const clean = operations.map(({ op, path, from, value }) =>
          op === 'remove' ? { op, path } : op === 'move' || op === 'copy' ? { op, path, from } : { op, path, value },
        )
        try {
          expect(Whole.safeParse(operate(...clean)).success).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      }),
      { numRuns: 500 },
    )
  })
})
