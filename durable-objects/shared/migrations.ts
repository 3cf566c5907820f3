/**
 * One change of an object's schema. The list of a class is append-only: an object that slept for a year
 * applies what it has missed when it wakes.
 */
export type Migration = string

/** Applies what this object lacks, in one transaction. Called once, while the object starts. */
export function migrate(storage: DurableObjectStorage, migrations: readonly Migration[]): void {
  const applied = storage.kv.get<number>('schema-version') ?? 0
  if (applied === migrations.length) return
  storage.transactionSync(() => {
    for (const sql of migrations.slice(applied)) storage.sql.exec(sql)
    storage.kv.put('schema-version', migrations.length)
  })
}
