/** What a peer's database is made of. */
export interface PeerWorld {
  file: string
  /** Statements that make rows, with their numbered values. */
  rows: readonly { sql: string; values: readonly unknown[] }[]
  categories: readonly (readonly [id: string, slug: string])[]
  people: readonly { id: string; email: string }[]
  /** Of all of them. */
  password: string
}
