/** The databases whose bookmarks travel in `x-d1-bookmark`. */
export const DATABASES = ['core', 'activity', 'catalog'] as const
export type DatabaseName = (typeof DATABASES)[number]

/** Something for each database. */
export function mapDatabases<T>(make: (name: DatabaseName) => T): Record<DatabaseName, T> {
  return Object.fromEntries(DATABASES.map((name) => [name, make(name)])) as Record<DatabaseName, T>
}

/** The local database echoes any string as a bookmark, so the form is checked here. */
const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/
const MAX_HEADER_LENGTH = 1_000

/**
 * Reads `core=BOOKMARK,activity=BOOKMARK`. Undefined where there is no header; `'unreadable'` where any
 * part is not of the form, and then the caller reads from the primary.
 */
export function parseBookmarks(
  header: string | null | undefined,
): Map<DatabaseName, string> | 'unreadable' | undefined {
  if (!header) return undefined
  if (header.length > MAX_HEADER_LENGTH) return 'unreadable'
  const bookmarks = new Map<DatabaseName, string>()
  for (const part of header.split(',')) {
    const [name, bookmark, ...rest] = part.trim().split('=')
    const database = DATABASES.find((known) => known === name)
    if (!database || !bookmark || rest.length > 0 || !BOOKMARK.test(bookmark) || bookmarks.has(database)) {
      return 'unreadable'
    }
    bookmarks.set(database, bookmark)
  }
  return bookmarks
}

export function formatBookmarks(bookmarks: Iterable<[DatabaseName, string | undefined]>): string {
  return [...bookmarks].flatMap(([name, bookmark]) => (bookmark ? [`${name}=${bookmark}`] : [])).join(',')
}
