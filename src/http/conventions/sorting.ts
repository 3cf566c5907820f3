import * as z from 'zod'
import type { SortKey } from '../../platform/lists/list-query.ts'

const MAX_KEYS = 5

/**
 * The parameters by which a list is sorted: `sort=-price,+name`, or `sortBy` and `order`. Only the fields that are
 * named here; `sort` wins. A plus sign that was not encoded comes as a space, which means the same.
 */
export function sortParameters<const F extends readonly [string, ...string[]]>(fields: F) {
  const allowed = `Sort by ${fields.join(', ')}`
  const field = `(?:${fields.join('|')})`
  const once = `${allowed}, each once, at most ${MAX_KEYS} of them, with - for descending`
  const key = ` *[-+]? *${field} *`
  return {
    sortBy: z.enum(fields, { error: allowed }).meta({ description: 'What the list is sorted by' }).optional(),
    order: z
      .string()
      .max(4)
      .regex(/^(?:[aA][sS][cC]|[dD][eE][sS][cC])$/, 'Use ASC or DESC')
      .transform((text) => (text.toLowerCase() === 'asc' ? 'asc' : 'desc'))
      .meta({ description: 'ASC or DESC, of sortBy' })
      .optional(),
    sort: z
      .string()
      .max(200)
      .regex(new RegExp(`^${key}(?:,${key}){0,${MAX_KEYS - 1}}$`), once)
      .transform((text) => text.split(',').map(toKey))
      .refine((keys) => new Set(keys.map((one) => one.field)).size === keys.length, 'Name each field once')
      .meta({ 'x-rule': once, description: 'Several keys, - for descending; instead of sortBy' })
      .optional(),
  }
}

function toKey(text: string): SortKey {
  const name = text.trim()
  return { field: name.replace(/^[-+] */, ''), direction: name.startsWith('-') ? 'desc' : 'asc' }
}

interface Sorting {
  sortBy?: string | undefined
  order?: SortKey['direction'] | undefined
  sort?: SortKey[] | undefined
}

/** What was asked, over the list's own order. */
export function sortOf({ sortBy, order, sort }: Sorting, usual: SortKey): SortKey[] {
  return sort ?? [{ field: sortBy ?? usual.field, direction: order ?? usual.direction }]
}
