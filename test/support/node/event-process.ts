import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { migrationsOf } from './databases.ts'

/** What the parent tells this process to begin with. */
export interface EventProcessOptions {
  /** Of wrangler.toml, as wrangler reads them. */
  worker: Record<string, unknown>
  script: string
  /** Holds the databases and all else that is written. */
  folder: string
}

/** What this process tells its parent. */
export type EventProcessNews = { url: string } | { crashAt: string }

/**
 * A process to be killed: the Worker of test/support/events in workerd, with the queues of wrangler.toml and
 * databases that outlive it.
 */
process.once('message', (options: EventProcessOptions) => void start(options))

const tell = (news: EventProcessNews) => process.send?.(news)

async function start({ worker, script, folder }: EventProcessOptions): Promise<void> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          ...worker,
          modules: [{ type: 'ESModule', path: 'worker.js', contents: readFileSync(script, 'utf8') }],
          serviceBindings: {
            // It is the parent that kills, this process and workerd at once.
            CRASH: (request: { url: string }) => {
              tell({ crashAt: new URL(request.url).pathname.slice(1) })
              return new Promise<never>(() => undefined)
            },
          },
        },
      ],
      host: '127.0.0.1',
      port: 0,
      cf: false,
      resourcePersistencePath: join(folder, 'state'),
    }),
  )
  // Without a parent, which would have killed it, this process ends by itself and nobody else clears up.
  process.once('disconnect', () => void miniflare.dispose().finally(() => process.exit()))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const url = await miniflare.ready
  await migrate(await miniflare.getD1Database('DB'), 'core')
  await migrate(await miniflare.getD1Database('ACTIVITY_DB'), 'activity')
  await migrate(await miniflare.getD1Database('CATALOG_DB'), 'catalog')
  tell({ url: url.href })
}

type Database = Awaited<ReturnType<Miniflare['getD1Database']>>

const PROBE_TABLES = [
  'create table probe_changes (id text primary key)',
  'create table probe_effects (subscriber text, event_id text, times integer, primary key (subscriber, event_id))',
]

/** Once for a state folder. */
async function migrate(database: Database, name: string): Promise<void> {
  if (await database.prepare("select 1 from sqlite_master where name = 'probe_effects'").first()) return
  const statements = migrationsOf(name).flatMap(({ sql }) => sql.split('--> statement-breakpoint'))
  const isStatement = (text: string) => text.replace(/--.*$/gm, '').trim() !== ''
  await database.batch([...statements.filter(isStatement), ...PROBE_TABLES].map((text) => database.prepare(text)))
}
