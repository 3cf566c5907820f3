/**
 * Runs one SELECT and resolves to its rows as objects. Our statements hold names and whole numbers only, so they
 * need no parameters, which not every way into a database takes.
 */
export type ReadRows = (sql: string) => Promise<Record<string, unknown>[]>

interface Pages {
  columns: string
  from: string
  /** The whole number by which the rows are told apart and ordered, as SQL and as a name of `columns`. */
  by: { sql: string; name: string }
  /** The highest number to read. */
  last: number
  pageSize: number
}

/** Every row up to the last, in order, read page by page. `Row` is what `columns` selects. */
export async function* readPages<Row>(read: ReadRows, { columns, from, by, last, pageSize }: Pages) {
  let beyond = ''
  for (;;) {
    const page = await read(
      `select ${columns} from ${from} where ${by.sql} <= ${exact(last)} ${beyond} order by ${by.sql} limit ${pageSize}`,
    )
    for (const row of page) yield row as Row
    const end = page.at(-1)
    if (end === undefined || page.length < pageSize) return
    beyond = `and ${by.sql} > ${exact(end[by.name])}`
  }
}

/** @throws Error for a number that JavaScript rounds: with it a walk would read the same page for ever */
export function exact(value: unknown): number {
  if (Number.isSafeInteger(value)) return Number(value)
  throw new Error(`The audit trail has the row or position ${String(value)}, which nothing of ours has written`)
}
