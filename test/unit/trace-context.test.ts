import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  formatTraceparent,
  formatTracestate,
  parseTraceparent,
  parseTracestate,
  readTraceContext,
  startSpan,
} from '../../src/platform/observability/trace-context.ts'

const TRACE_ID = '3f8a1c5e7b9d2046813579bdf02468ac'
const SPAN_ID = '7c1e5a9d3b8f2460'
const from = (version: string, flags: string, rest = '') => `${version}-${TRACE_ID}-${SPAN_ID}-${flags}${rest}`

afterEach(() => void vi.restoreAllMocks())

describe('a traceparent', () => {
  it.each([
    ['that is sampled', from('00', '01'), 1],
    ['that is not sampled', from('00', '00'), 0],
    ['with a random trace id', from('00', '02'), 2],
    ['with both known flags', from('00', '03'), 3],
    ['with flags that mean nothing yet, which are cleared', from('00', 'fc'), 0],
    ['with every flag, of which the known ones stay', from('00', 'ff'), 3],
    ['of a later version that says no more than ours', from('cc', '01'), 1],
    ['of a later version that says more after a dash', from('cc', '01', '-what-comes-one-day'), 1],
    ['of a later version that ends in a dash', from('01', '01', '-'), 1],
    ['of the last version that there can be', from('fe', '09'), 1],
  ])('%s is read, and written as version 00 (R42.4)', (_title, text, flags) => {
    const parsed = parseTraceparent(text)
    expect(parsed).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, flags })
    expect(parsed && formatTraceparent(parsed)).toBe(from('00', `0${flags}`))
  })

  it.each([
    ['nothing', ''],
    ['the version ff, which is forbidden', from('ff', '01')],
    ['a version that is not hex', from('.0', '01')],
    ['a version in capitals', from('CC', '01')],
    ['a version of three digits', from('000', '01')],
    ['a version of four digits', from('0000', '01')],
    ['a version of one digit', from('0', '01')],
    ['no version', `${TRACE_ID}-${SPAN_ID}-01`],
    ['a dot after version 00', from('00', '01', '.')],
    ['a dash after version 00', from('00', '01', '-')],
    ['more fields after version 00', from('00', '01', '-what-comes-one-day')],
    ['something but a dash after a later version', from('cc', '01', '.what-comes-one-day')],
    ['a later version that is cut short', from('cc', '0')],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['a trace id that is not hex', `00-.${TRACE_ID.slice(1)}-${SPAN_ID}-01`],
    ['a trace id in capitals', `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`],
    ['a trace id that is too long', `00-${TRACE_ID}0-${SPAN_ID}-01`],
    ['a trace id that is too short', `00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`],
    ['a parent id of zeros', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['a parent id that is not hex', `00-${TRACE_ID}-${SPAN_ID.slice(1)}.-01`],
    ['a parent id in capitals', `00-${TRACE_ID}-${SPAN_ID.toUpperCase()}-01`],
    ['a parent id that is too long', `00-${TRACE_ID}-${SPAN_ID}0-01`],
    ['a parent id that is too short', `00-${TRACE_ID}-${SPAN_ID.slice(1)}-01`],
    ['flags that are not hex', from('00', '.0')],
    ['flags in capitals', from('00', '0A')],
    ['flags of three digits', from('00', '001')],
    ['flags of one digit', from('00', '1')],
    ['underscores for dashes', from('00', '01').replaceAll('-', '_')],
    ['two headers, joined', `${from('00', '01')}, ${from('00', '01')}`],
    ['two headers of a later version, joined', `${from('cc', '01', '-more')}, ${from('cc', '01')}`],
    ['a letter that only looks like one', from('00', '01').replace('a', 'а')],
    ['a line break at the end', `${from('00', '01')}\n`],
  ])('with %s is not valid (R42.4)', (_title, text) => {
    expect(parseTraceparent(text)).toBeUndefined()
  })
})

const members = (count: number) => Array.from({ length: count }, (_, i) => `k${i}=${i}`)
const everyKeyCharacter = 'abcdefghijklmnopqrstuvwxyz0123456789_-*/'
const everyValueCharacter = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i))
  .join('')
  .replace(/[,=]/g, '')

describe('a tracestate', () => {
  it.each([
    ['one member', 'rojo=1', ['rojo=1']],
    ['several, in their order', 'rojo=1,congo=2,acme=3', ['rojo=1', 'congo=2', 'acme=3']],
    ['nothing', '', []],
    ['blanks only', ' \t ', []],
    ['empty members, which several headers make', 'a=1,,b=2, \t,', ['a=1', 'b=2']],
    ['blanks around its members', ' \t a=1 \t ,\t b=2\t', ['a=1', 'b=2']],
    ['blanks that lead a value, which are of it', 'a=  1', ['a=  1']],
    ['blanks inside a value', 'a=1 2', ['a=1 2']],
    ['every character that a key may have', `${everyKeyCharacter}=1`, [`${everyKeyCharacter}=1`]],
    ['every character that a value may have', `a=${everyValueCharacter}`, [`a=${everyValueCharacter}`]],
    ['a tenant of a system', 'fw529a3039@dt=1', ['fw529a3039@dt=1']],
    ['a tenant whose name begins with a digit', '0fw@dt=1', ['0fw@dt=1']],
    ['a key that begins with a digit, as Level 2 has it', '1a=1', ['1a=1']],
    ['more than one @, as Level 2 has it', 'a@b@c=1', ['a@b@c=1']],
    ['a key of 256 characters', `${'z'.repeat(256)}=1`, [`${'z'.repeat(256)}=1`]],
    [
      'a tenant of 241 and a system of 14',
      `${'t'.repeat(241)}@${'v'.repeat(14)}=1`,
      [`${'t'.repeat(241)}@${'v'.repeat(14)}=1`],
    ],
    ['a value of 256 characters', `a=${'v'.repeat(256)}`, [`a=${'v'.repeat(256)}`]],
    ['a key twice, of which the first counts', 'a=1,b=2,a=3', ['a=1', 'b=2']],
    ['32 members', members(32).join(','), members(32)],
    ['32 members, and empty ones between them', members(32).join(',,'), members(32)],
  ])('with %s is read (R42.4)', (_title, text, expected) => {
    expect(parseTracestate(text)).toEqual(expected)
  })

  it.each([
    ['no equals sign', 'a'],
    ['no key', '=1'],
    ['no value', 'a='],
    ['no value, with blanks', 'a= \t'],
    ['one bad member among good ones', 'a=1,b,c=3'],
    ['two equals signs', 'a=b=c'],
    ['a blank before the equals sign', 'a =1'],
    ['a key in capitals', 'A=1'],
    ['a key with a dot', 'a.b=1'],
    ['a key that begins with an @', '@a=1'],
    ['a key that begins with an underscore', '_a=1'],
    ['a key of 257 characters', `${'z'.repeat(257)}=1`],
    ['a value of 257 characters', `a=${'v'.repeat(257)}`],
    ['a tab inside a value', 'a=1\t2'],
    ['a value that is not ASCII', 'a=ü'],
    ['a blank that is not ASCII', '\u00a0a=1'],
    ['33 members', members(33).join(',')],
  ])('with %s is not valid as a whole (R42.4)', (_title, text) => {
    expect(parseTracestate(text)).toBeUndefined()
  })

  it('of 512 characters is passed on whole (R42.4)', () => {
    const text = `a=${'1'.repeat(200)},b=${'2'.repeat(200)},c=${'3'.repeat(104)}`
    expect(text).toHaveLength(512)
    expect(formatTracestate(parseTracestate(text) ?? [])).toBe(text)
  })

  it('that is longer loses members above 128 characters first, from the end, and only as many as it must (R42.4)', () => {
    const [first, second] = [`long1=${'x'.repeat(123)}`, `long2=${'y'.repeat(123)}`]
    const small = (count: number) => Array.from({ length: count }, (_, i) => `s${i}=${'z'.repeat(60)}`)
    // 129 + 129 + 4 * 63 and what joins them: one of the two has to go, the small ones may stay.
    expect(formatTracestate([first, ...small(4), second])).toBe([first, ...small(4)].join(','))
    // Both long ones go before any small one does, also where they stand in front.
    expect(formatTracestate([first, second, ...small(7)])).toBe(small(7).join(','))
    expect(formatTracestate([first, ...small(20), second])).toBe(small(8).join(','))
    const exactly128 = small(1).map((member) => member.padEnd(128, 'z'))
    expect(formatTracestate([...exactly128, ...small(7)])).toBe([...exactly128, ...small(6)].join(','))
  })

  it('is read in time that grows with its length alone, however many blanks it has (R42.4)', () => {
    const began = performance.now()
    expect(parseTracestate(`a=1${' '.repeat(400_000)}b`)).toBeUndefined()
    expect(parseTracestate(`a=${' '.repeat(400_000)}`)).toBeUndefined()
    expect(parseTracestate(','.repeat(400_000))).toEqual([])
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('means nothing without a valid traceparent, and spoils none by being invalid itself (R42.4)', () => {
    expect(readTraceContext({ tracestate: 'a=1' })).toBeUndefined()
    expect(readTraceContext({ traceparent: null, tracestate: null })).toBeUndefined()
    expect(readTraceContext({ traceparent: from('ff', '01'), tracestate: 'a=1' })).toBeUndefined()
    const traceparent = from('00', '01')
    expect(readTraceContext({ traceparent, tracestate: 'a=1, b=2' })).toMatchObject({ tracestate: 'a=1,b=2' })
    expect(readTraceContext({ traceparent, tracestate: 'a=1,A=2' })).toMatchObject({
      traceId: TRACE_ID,
      tracestate: '',
    })
  })
})

describe('headers', () => {
  const key = fc.stringMatching(/^[a-z0-9][a-z0-9_\-*/@]{0,255}$/)
  const value = fc.stringMatching(/^[ -+\--<>-~]{0,255}[!-+\--<>-~]$/)
  const list = fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 32 })

  it('that are valid come through as they are, or as whole members in their order (R42.4)', () => {
    fc.assert(
      fc.property(list, fc.constantFrom(',', ', ', '\t,,\t'), (pairs, comma) => {
        const given = pairs.map(([name, text]) => `${name}=${text}`)
        expect(parseTracestate(given.join(comma))).toEqual(given)
        const passed = formatTracestate(given)
        expect(passed.length).toBeLessThanOrEqual(512)
        if (given.join(',').length <= 512) expect(passed).toBe(given.join(','))
        const kept = parseTracestate(passed)
        expect(kept).toEqual(given.filter((member) => kept?.includes(member)))
      }),
    )
  })

  it('of any text whatever make no error, and nothing that is not valid goes on (R42.4)', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0af-,= \t@*') }))
    fc.assert(
      fc.property(text, text, (tail, tracestate) => {
        for (const traceparent of [tail, from('00', '01', tail), from('cc', '01', tail)]) {
          const context = readTraceContext({ traceparent, tracestate })
          if (!context) continue
          expect(parseTraceparent(formatTraceparent(context))).toMatchObject({ traceId: context.traceId })
          expect(formatTracestate(parseTracestate(context.tracestate) ?? ['not valid'])).toBe(context.tracestate)
        }
      }),
    )
  })
})

describe('a span', () => {
  const parent = { traceId: TRACE_ID, spanId: SPAN_ID, flags: 0, tracestate: 'a=1' }

  it('is a child of its parent, with the parent’s flags and state (R42.4)', () => {
    const [one, two] = [startSpan(parent), startSpan(parent)]
    expect(one).toEqual({ ...parent, spanId: expect.stringMatching(/^[0-9a-f]{16}$/), parentSpanId: SPAN_ID })
    expect(new Set([one.spanId, two.spanId, SPAN_ID]).size).toBe(3)
  })

  it('without a parent begins a trace, sampled and with a random id (R42.4)', () => {
    const [one, two] = [startSpan(), startSpan()]
    expect(formatTraceparent(one)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/)
    expect(one).not.toHaveProperty('parentSpanId')
    expect(one.traceId).not.toBe(two.traceId)
  })

  it('never has an id of zeros, whatever chance brings (R42.4)', () => {
    const draw = crypto.getRandomValues.bind(crypto)
    let draws = 0
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((bytes) => {
      draws += 1
      return draws % 2 === 1 ? bytes : draw(bytes)
    })
    const spans = Array.from({ length: 300 }, () => startSpan())
    expect(draws).toBeGreaterThan(3)
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length)
    for (const span of spans) {
      expect(parseTraceparent(formatTraceparent(span))).toMatchObject({ traceId: span.traceId, spanId: span.spanId })
    }
  })
})
