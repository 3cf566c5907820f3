/** One trip to a database: its statements, and the trips of one wave were under way together. */
export interface Trip {
  wave: number
  binding: string
  statements: { sql: string; values: unknown[] }[]
}
