import { readdirSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readWranglerToml } from './wrangler-toml.ts'

interface Migration {
  /** `0001_guard_commits`, without the ending. */
  name: string
  sql: string
}

/** Every database of wrangler.toml, by the name of its folder in migrations. */
export const DATABASES = readWranglerToml().d1_databases.map(({ migrations_dir }) => basename(migrations_dir))

export function migrationsOf(database: string): Migration[] {
  const folder = resolve('migrations', database)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => ({ name: basename(file, '.sql'), sql: readFileSync(resolve(folder, file), 'utf8') }))
}

/** An empty database in memory, after these migrations: the engine is the same as D1's. */
export function migrated(migrations: readonly Pick<Migration, 'sql'>[]): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  for (const { sql } of migrations) database.exec(sql)
  return database
}
