/** A value that is undefined or null is left out of the address. */
export type Query = Record<string, string | number | null | undefined>

export const hrefOf = (path: string, query: Query = {}): string => {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, `${value}`]],
    ),
  )
  return search.size > 0 ? `${path}?${search}` : path
}
