/**
 * The hash chain over an audit trail: what is hashed, and how. The Worker seals with it and `npm run audit:verify`
 * checks with it, so it imports nothing.
 */

/** Every column of `audit`, in the order in which they are hashed. A change of either is a new `ROW_FORMAT`. */
export const AUDIT_COLUMNS = [
  'id',
  'action',
  'actor_id',
  'target_type',
  'target_id',
  'reason',
  'ip',
  'user_agent',
  'correlation_id',
  'details',
  'at',
] as const

/** A row of `audit` as it is stored: columns by their names in SQL, `details` as text, `at` in milliseconds. */
export type AuditRow = Readonly<Record<(typeof AUDIT_COLUMNS)[number], string | number | null>>

/** Stands first in every hashed row, so that two formats can never mean the same bytes. */
const ROW_FORMAT = 1

/** SHA-256 of UTF-8, as 64 hex digits. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What the first row is chained to. It names the database, so that no trail passes for that of another. */
export function genesisHash(database: string): Promise<string> {
  return sha256(JSON.stringify(['selvage audit chain', database]))
}

/**
 * A row as text: one JSON array, which escapes quotes and line breaks and tells null, numbers and texts apart.
 * @throws Error where a column was not read, which must not pass for null
 */
export function canonicalRow(row: AuditRow): string {
  const values = AUDIT_COLUMNS.map((column) => {
    if (row[column] === undefined) throw new Error(`An audit row was read without its column ${column}`)
    return row[column]
  })
  return JSON.stringify([ROW_FORMAT, ...values])
}

/** The hash of a row's seal: over the hash before it (64 hex digits), a line break, and the row. */
export function nextHash(previousHash: string, row: AuditRow): Promise<string> {
  return sha256(`${previousHash}\n${canonicalRow(row)}`)
}

/** In four groups, as heads are logged and printed: a run of 64 digits looks like a secret, which a log hides. */
export function showHash(hash: string): string {
  return hash.replaceAll(/(.{16})(?=.)/g, '$1:')
}
