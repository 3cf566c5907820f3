import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

type Row = Record<string, unknown>

/** Every row of every table of a place, and what it calls the place. */
export interface Dump {
  place: string
  tables: Map<string, Row[]>
}

const TABLES = `select name from sqlite_schema where type = 'table'
  and name not like 'sqlite_%' and name not like '_cf_%' and name not like 'message_index%'
  and name not glob 'product_[fpw]*'`

/** All databases, whole but for their indexes of words. */
export async function dumpDatabases(): Promise<Dump[]> {
  const dump = async (place: string, database: D1Database): Promise<Dump> => {
    const { results } = await database.prepare(TABLES).all<{ name: string }>()
    const tables = new Map<string, Row[]>()
    for (const { name } of results)
      tables.set(name, (await database.prepare(`select * from ${name}`).all<Row>()).results)
    return { place, tables }
  }
  return [await dump('core', env.DB), await dump('activity', env.ACTIVITY_DB), await dump('catalog', env.CATALOG_DB)]
}

/** All that an object keeps; its index of words has no words in it, only where they are. */
export function dumpObject<T extends Rpc.DurableObjectBranded>(
  place: string,
  stub: DurableObjectStub<T>,
): Promise<Dump> {
  return runInDurableObject(stub, async (_object, { storage }) => {
    const names = storage.sql.exec<{ name: string }>(TABLES).toArray()
    const tables = new Map<string, Row[]>()
    for (const { name } of names) tables.set(name, storage.sql.exec(`select * from ${name}`).toArray())
    tables.set('values', [Object.fromEntries(await storage.list())])
    return { place, tables }
  })
}

/** Of columns that hold something else in each row: what tells it. */
const KIND_OF: Record<string, (row: Row) => unknown> = {
  'outbox.payload': ({ type }) => type,
  'audit.details': ({ action }) => action,
  'audit.reason': ({ action }) => action,
  'dead_letters.body': ({ event_type: type }) => type,
}

/**
 * Where any of these words stands, each place once, sorted: `PLACE.TABLE.COLUMN`, and ` of ` the type of an event or the act of
 * an audit row.
 */
export function placesOf(dumps: readonly Dump[], words: readonly string[]): string[] {
  const sought = words.map((word) => word.toLowerCase())
  const found = dumps.flatMap(({ place, tables }) =>
    [...tables].flatMap(([table, rows]) =>
      rows.flatMap((row) =>
        Object.entries(row).flatMap(([column, value]) => {
          const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toLowerCase()
          if (!sought.some((word) => text.includes(word))) return []
          const kind = KIND_OF[`${table}.${column}`]?.(row)
          return [`${place}.${table}.${column}${typeof kind === 'string' ? ` of ${kind}` : ''}`]
        }),
      ),
    ),
  )
  return [...new Set(found)].toSorted()
}
