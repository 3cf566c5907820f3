import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from './cli.mjs'
import { STATE_DIRECTORY } from './wrangler-config.mjs'

/** The folder of `wrangler dev`, as Miniflare takes it. */
export const PERSISTENCE = join(STATE_DIRECTORY, 'v3')

const D1_FILES = join('d1', 'miniflare-D1DatabaseObject')
const COPY_ATTEMPTS = 50
const COPY_PAUSE_MS = 100
const WAL_HEADER_BYTES = 32

/**
 * Opens the databases of wrangler.toml as the Worker does, through workerd, which also knows their files by name.
 * @param {string} persistence the folder that holds them
 * @param config of `readWranglerConfig`
 * @param {(open: (binding: string) => Promise<any>) => Promise<T>} work gets a function that opens a database by its binding
 * @returns {Promise<T>}
 * @template T
 */
export function withDatabases(persistence, config, work) {
  return withBindings(persistence, config, (miniflare) => work((binding) => miniflare.getD1Database(binding)))
}

/**
 * The same for a namespace of keys and values.
 * @param {(namespace: any) => Promise<T>} work
 * @returns {Promise<T>}
 * @template T
 */
export function withNamespace(persistence, config, binding, work) {
  return withBindings(persistence, config, async (miniflare) => work(await miniflare.getKVNamespace(binding)))
}

async function withBindings(persistence, { databases, namespaces, compatibilityDate }, work) {
  const { convertV4MiniflareOptions, Miniflare } = await import('miniflare')
  const worker = {
    name: 'scripts',
    modules: true,
    script: 'export default {}',
    compatibilityDate,
    kvNamespaces: Object.fromEntries(namespaces.map(({ binding, id }) => [binding, id])),
    d1Databases: Object.fromEntries(databases.map(({ binding, id }) => [binding, id])),
  }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ workers: [worker], resourcePersistencePath: persistence, cf: false }),
  )
  try {
    return await work(miniflare)
  } finally {
    await miniflare.dispose()
  }
}

/**
 * The same over a copy, to read only: the Worker of `npm start` does not wait for a lock but fails its requests when
 * a second process opens its files.
 */
export async function withCopyOfDatabases(config, work) {
  const files = listFiles()
  if (files.length === 0) {
    throw new Refusal('There is no local data yet.', '`npm start` makes it.')
  }
  const copy = mkdtempSync(join(tmpdir(), 'selvage-databases-'))
  try {
    mkdirSync(join(copy, D1_FILES), { recursive: true })
    for (const file of files) await copyDatabase(join(PERSISTENCE, D1_FILES, file), join(copy, D1_FILES, file))
    return await withDatabases(copy, config, work)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function listFiles() {
  const directory = join(PERSISTENCE, D1_FILES)
  return existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.sqlite')) : []
}

/**
 * A database is its file and, before it, the newest pages in its write-ahead log. While that log was not begun anew,
 * it holds all that was meanwhile moved into the file, so a copy of both is of one moment, whatever was written.
 */
async function copyDatabase(from, to) {
  for (let attempt = 1; attempt <= COPY_ATTEMPTS; attempt += 1) {
    const before = fingerprint(from)
    if (before !== undefined && copyBoth(from, to) && fingerprint(from) === before) return
    await sleep(COPY_PAUSE_MS)
  }
  throw new Refusal(
    'The local databases change faster than they can be copied.',
    'Wait until the Worker has less to do, or stop it (Ctrl-C in its terminal), then try again.',
  )
}

/** False where one of the files went away meanwhile. */
function copyBoth(from, to) {
  rmSync(`${to}-wal`, { force: true })
  try {
    copyFileSync(from, to)
    if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`)
    return true
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

/** Differs as soon as the file was written to or its log was begun anew; undefined where there is no file. */
function fingerprint(file) {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true })
  return stats && `${stats.size} ${stats.mtimeNs} ${readHeader(`${file}-wal`)}`
}

/** The beginning of a write-ahead log, which holds salts that are new each time it is begun; empty without one. */
function readHeader(file) {
  const header = Buffer.alloc(WAL_HEADER_BYTES)
  try {
    const handle = openSync(file, 'r')
    try {
      readSync(handle, header)
    } finally {
      closeSync(handle)
    }
    return header.toString('hex')
  } catch (error) {
    if (error.code === 'ENOENT') return ''
    throw error
  }
}
