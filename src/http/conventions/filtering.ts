import * as z from 'zod'
import type { Condition, Operator } from '../../platform/lists/list-query.ts'
import { STORED_CHARACTERS, wholeNumber } from '../../platform/text.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_MS = 86_400_000

/** Texts that a list looks for, as they are. An empty one is none. */
export function filterText(max: number) {
  return z.string().max(max).regex(STORED_CHARACTERS, 'Use whole characters')
}

/** `true`, `false`, `1` or `0`. */
export const flag = z
  .enum(['true', 'false', '1', '0'], { error: 'Use true or false' })
  .transform((text) => text === 'true' || text === '1')

const MAX_ITEMS = 20

/** Texts between commas, or the parameter repeated. */
export function textList(maxText: number) {
  const list = filterText(maxText * MAX_ITEMS)
  return z
    .union([list, z.array(filterText(maxText)).max(MAX_ITEMS)], { error: `Use up to ${MAX_ITEMS} texts` })
    .transform((given) => [given].flat().flatMap((text) => text.split(',')))
    .transform((texts) => [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))])
    .refine((texts) => texts.length <= MAX_ITEMS, `Use up to ${MAX_ITEMS} texts`)
    .meta({ 'x-rule': `Up to ${MAX_ITEMS} texts between commas` })
}

/** A day or a time. As the end of a span a day is the last millisecond of it, in UTC. */
export function dayOrTime(end: 'start' | 'end') {
  return z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: 'Use a date, or a time as ISO 8601' })
    .transform((text) => Date.parse(text) + (end === 'end' && DAY.test(text) ? DAY_MS - 1 : 0))
    .refine(Number.isFinite, 'Use a date, or a time as ISO 8601')
}

type OperatorTable = Readonly<Record<string, readonly [Operator, ...Operator[]]>>
type OperatorKeys<T extends OperatorTable> = { [F in keyof T & string]: `${F}[${T[F][number]}]` }[keyof T & string]

/**
 * The parameters `field[operator]` of whole numbers, each with its own place in the document. Brackets may be encoded.
 * A field or an operator that is not here is an unknown parameter of the strict query that they are part of.
 */
export function operatorParameters<const T extends OperatorTable>(table: T) {
  const names = Object.entries(table).flatMap(([field, operators]) => operators.map((op) => `${field}[${op}]`))
  const parameter = (name: string) => wholeNumber.meta({ description: described(name) }).optional()
  return Object.fromEntries(names.map((name) => [name, parameter(name)])) as Record<
    OperatorKeys<T>,
    z.ZodOptional<typeof wholeNumber>
  >
}

const WORDS: Record<Operator, string> = {
  ...{ eq: 'is', ne: 'is not', gt: 'is above', gte: 'is at least', lt: 'is below', lte: 'is at most' },
}

/** `price[gte]` in words. */
function described(name: string): string {
  const [field = '', op = ''] = name.replace(']', '').split('[')
  return `Where the ${field} ${WORDS[op as Operator]} this`
}

/** What these parameters say; several of one field must all hold. */
export function operatorConditions(table: OperatorTable, query: Readonly<Record<string, unknown>>): Condition[] {
  return Object.entries(table).flatMap(([field, operators]) =>
    operators.flatMap((op): Condition[] => {
      const value = query[`${field}[${op}]`]
      return typeof value === 'number' ? [{ field, op, value }] : []
    }),
  )
}

type Plain = string | number | boolean | readonly string[]

/**
 * Conditions of what was asked plainly: a list is one of them, anything else is the value itself. What is missing or
 * empty asks nothing; 0 and false do.
 */
export function plainConditions(wanted: Readonly<Record<string, Plain | null | undefined>>): Condition[] {
  return Object.entries(wanted).flatMap(([field, value]): Condition[] => {
    if (value === undefined || value === null || value === '') return []
    if (typeof value === 'object') return value.length === 0 ? [] : [{ field, op: 'in', value }]
    return [{ field, op: 'eq', value }]
  })
}
