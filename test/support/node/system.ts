import { inject } from 'vitest'
import { createTestHarness } from 'wrangler'
import { testSettings } from '../test-settings.ts'
import { builtWorker } from './worker-build.ts'

/** What these tests use of a D1 database. */
export interface Database {
  prepare(sql: string): { bind(...values: unknown[]): { run(): Promise<unknown> } }
}

export interface RunningSystem {
  url: URL
  /** The core database, for what no route makes. */
  database(): Promise<Database>
  close(): Promise<void>
}

/**
 * The whole Worker with its pages, from its own configuration but for these settings, on a port and a storage of its own.
 * What is being rolled out is on, as under `npm start`, unless other flags are named.
 */
export async function startSystem(
  settings: Record<string, string> = {},
  flags: readonly string[] = ['reviews'],
): Promise<RunningSystem> {
  const harness = createTestHarness({
    workers: [
      {
        configPath: 'wrangler.toml',
        prebuiltWorkerDir: await builtWorker(inject('workerBuild')),
        vars: { ...testSettings(), FIGURES_EVERY_MS: '1000', ...settings },
      },
    ],
  })
  const { url } = await harness.listen()
  const worker = harness.getWorker()
  await Promise.all(['DB', 'ACTIVITY_DB', 'CATALOG_DB'].map((binding) => worker.applyD1Migrations(binding)))
  const env = await worker.getEnv()
  await Promise.all(flags.map((flag) => flagsOf(env).put(`flag:${flag}`, '{"percent":100}')))
  const database = async () => databaseOf(env)
  return { url, database, close: () => harness.close() }
}

/** Flags are in `CONFIG`, a namespace of keys and values. */
function flagsOf(env: Record<string, unknown>): { put(key: string, value: string): Promise<void> } {
  return env.CONFIG as ReturnType<typeof flagsOf>
}

/** The harness knows no types of the bindings in wrangler.toml, where `DB` is a D1 database. */
function databaseOf(env: Record<string, unknown>): Database {
  return env.DB as Database
}
