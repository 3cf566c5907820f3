import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { ROOT } from '../../../scripts/lib/cli.mjs'
import { QUIET_ENVIRONMENT, readWranglerConfig } from '../../../scripts/lib/wrangler-config.mjs'
import { applyMigrations } from '../../../scripts/migrate-local.mjs'
import { testSettings } from '../../support/test-settings.ts'
import { childrenOf } from '../processes.ts'
import type { System } from '../system.ts'

/** What access tokens name, which the benchmark signs itself. */
export const TOKEN_NAMES = { issuer: 'selvage-bench', audience: 'selvage-bench' }

const BUILT = join(ROOT, 'test/bench/.built')
const HERE = join(ROOT, 'test/bench/workers')

export type Database = Awaited<ReturnType<Miniflare['getD1Database']>>

/** Beside what wrangler has built: its objects must be exported by whoever binds them. */
const COUNTED_SELVAGE = `
  import { withCounters } from './counters.js'
  import selvage from './selvage.js'
  export * from './selvage.js'
  export default {
    fetch: (request, env, ctx) => selvage.fetch(request, withCounters(env), ctx),
    queue: (batch, env, ctx) => selvage.queue(batch, env, ctx),
    scheduled: (event, env, ctx) => selvage.scheduled(event, env, ctx),
  }
`
const RECORDING_SELVAGE = `
  import { record } from './recorder.js'
  import selvage from './counted-selvage.js'
  export * from './selvage.js'
  export default { fetch: record(selvage.fetch) }
`

/** The runtime with the Worker in it, and beside it what it is compared with: each on a socket of its own. */
export interface Runtime {
  selvage: System
  floor: System
  recorder: System
  settings: Record<string, string>
  database(binding: string): Promise<Database>
}

/**
 * The Worker as it is deployed, bundled by wrangler, in the real runtime, with every binding that it has. Requests reach
 * it directly: not through Miniflare's entry, which costs more than they do.
 */
export interface RuntimeOptions {
  /** Where a profiler may listen in. */
  inspectorPort?: number
  /** With the names of its sources, for somebody to read. */
  isReadable?: boolean
  /** What is built in place of the Worker itself, from the folder of package.json on. */
  entry?: string
}

export async function startRuntime({
  inspectorPort,
  isReadable = false,
  entry = 'src/index.ts',
}: RuntimeOptions = {}): Promise<Runtime> {
  const selvage = buildSelvage(entry, isReadable)
  const workerOptions = readWorkerOptions()
  const settings = productionSettings()
  const shared = {
    compatibilityDate: workerOptions.compatibilityDate,
    compatibilityFlags: workerOptions.compatibilityFlags,
    rootPath: BUILT,
    modulesRoot: BUILT,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }
  const { assets: _pages, ...options } = workerOptions
  const bound = {
    ...options,
    ...shared,
    bindings: { ...options.bindings, ...settings },
    // With its pages beside it each request goes through two Workers of Miniflare's before it reaches ours.
    serviceBindings: { ...options.serviceBindings, ASSETS: 'floor' },
  }
  const [counters, recorder, floor] = await Promise.all(['counters.ts', 'recorder.ts', 'floor.ts'].map(bundle))
  const counted = [
    module('counted-selvage.js', COUNTED_SELVAGE),
    module('counters.js', counters),
    module('selvage.js', selvage),
  ]
  const before = childrenOf(process.pid)
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      inspectorPort,
      workers: [
        { ...bound, name: 'selvage', modules: counted },
        {
          ...shared,
          name: 'floor',
          d1Databases: workerOptions.d1Databases,
          modules: [module('floor.js', floor)],
        },
        {
          ...withoutEffects(bound),
          name: 'recorder',
          modules: [module('recording-selvage.js', RECORDING_SELVAGE), module('recorder.js', recorder), ...counted],
        },
      ],
      // Wrangler's options are of its own copy of these types.
    } as unknown as Parameters<typeof convertV4MiniflareOptions>[0]),
  )
  await runtime.ready
  const database = (binding: string) => runtime.getD1Database(binding, 'selvage')
  const { databases } = await readWranglerConfig()
  await applyMigrations(databases, database)
  const pids = childrenOf(process.pid).filter((pid) => !before.includes(pid))
  const systemOf = async (name: string): Promise<System> => ({
    url: (await runtime.unsafeGetDirectURL(name)).origin,
    pids,
    stop: () => runtime.dispose(),
  })
  return {
    selvage: await systemOf('selvage'),
    floor: await systemOf('floor'),
    recorder: await systemOf('recorder'),
    settings,
    database,
  }
}

/** What of wrangler's options is changed here; the rest goes through as it is. */
interface WorkerOptions {
  compatibilityDate: string
  compatibilityFlags: string[]
  bindings: Record<string, unknown>
  d1Databases: Record<string, unknown>
  workflows: Record<string, object>
  serviceBindings?: Record<string, unknown>
  assets: object
}

/** wrangler.toml has all of these. Wrangler's types are of its own copy of Miniflare, and tell less. */
function readWorkerOptions(): WorkerOptions {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
  return workerOptions as unknown as WorkerOptions
}

/** As in production, but for keys of this run, and for limits that count everybody and refuse nobody. */
function productionSettings(): Record<string, string> {
  const { FIGURES_EVERY_MS: _figures, SIGN_IN_PROVIDERS: _providers, ...keys } = testSettings()
  return {
    ...keys,
    ENVIRONMENT: 'production',
    LOG_LEVEL: 'error',
    ALLOWED_HOSTS: '127.0.0.1',
    FRONTEND_URL: 'https://shop.example',
    MAIL_ADAPTER: 'send-email',
    CACHE_TIERS: 'isolate,edge',
    RATE_LIMIT_SCALE: '1000000',
    JWT_ISSUER: TOKEN_NAMES.issuer,
    JWT_AUDIENCE: TOKEN_NAMES.audience,
  }
}

function buildSelvage(entry: string, isReadable: boolean): string {
  const out = join(BUILT, 'selvage')
  mkdirSync(out, { recursive: true })
  execFileSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/wrangler/bin/wrangler.js'),
      'deploy',
      entry,
      '--dry-run',
      `--minify=${!isReadable}`,
      '--outdir',
      out,
    ],
    { cwd: ROOT, env: { ...process.env, ...QUIET_ENVIRONMENT }, stdio: 'pipe' },
  )
  return readFileSync(join(out, `${basename(entry, '.ts')}.js`), 'utf8')
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:*'],
  })
  const [file] = outputFiles
  if (!file) throw new Error(`${entry} gave nothing`)
  return file.text
}

function module(name: string, contents: string | undefined) {
  return { type: 'ESModule' as const, path: join(BUILT, name), contents }
}

/** It is asked once a case, and takes no queue's messages. */
function withoutEffects<T extends Pick<WorkerOptions, 'workflows'>>(
  options: T,
): T & { queueConsumers: object; cronTriggers: never[] } {
  const workflows = Object.entries(options.workflows).map(([binding, workflow]) => [
    binding,
    { ...workflow, name: `recorded-${binding.toLowerCase()}` },
  ])
  return { ...options, queueConsumers: {}, cronTriggers: [], workflows: Object.fromEntries(workflows) }
}
