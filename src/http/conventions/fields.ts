import { filterText } from './filtering.ts'

const MAX_FIELDS_TEXT = 500

/** `fields=id,name,price`: what of each item is wanted. */
export const fieldsParameter = filterText(MAX_FIELDS_TEXT)
  .transform((text) => text.split(',').map((name) => name.trim()))
  .meta({
    description: 'What of each item is wanted, between commas. The id always comes; unknown names are passed over.',
  })

/** The item with the fields that were asked for, and its id; all of it where none of them is a field of it. */
export function pickFields<T extends { id: string }>(item: T, wanted: readonly string[] | undefined): T | Partial<T> {
  const names = wanted?.filter((name) => Object.hasOwn(item, name)) ?? []
  if (names.length === 0) return item
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => name === 'id' || names.includes(name)),
  ) as Partial<T>
}
