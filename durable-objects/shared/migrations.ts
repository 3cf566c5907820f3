/**
 * One change of an object's schema. The list of a class is append-only: an object that slept for a year
 * applies what it has missed when it wakes.
 */
export type Migration = string

const VERSION = 'schema-version'

/** Whether this object has ever been given tables, since it was last emptied. */
export function isMigrated(storage: DurableObjectStorage): boolean {
  return storage.kv.get(VERSION) !== undefined
}

/** Applies what this object lacks, in one transaction. Called once, while the object starts. */
export function migrate(storage: DurableObjectStorage, migrations: readonly Migration[]): void {
  const applied = storage.kv.get<number>(VERSION) ?? 0
  if (applied === migrations.length) return
  storage.transactionSync(() => {
    for (const sql of migrations.slice(applied)) storage.sql.exec(sql)
    storage.kv.put(VERSION, migrations.length)
  })
}
