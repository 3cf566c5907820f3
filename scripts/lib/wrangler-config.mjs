import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import util from 'node:util'
import { Refusal, ROOT } from './cli.mjs'

/** Where `wrangler dev` keeps its local databases and objects. */
export const STATE_DIRECTORY = resolve(ROOT, '.wrangler/state')

/** Keeps wrangler off the network and out of the home folder. */
export const QUIET_ENVIRONMENT = {
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_WRITE_LOGS: 'false',
  WRANGLER_REGISTRY_PATH: resolve(ROOT, '.wrangler/registry'),
}

/** What the scripts need of wrangler.toml: the databases in its order, namespaces of keys and values, and the crons. */
export async function readWranglerConfig() {
  // Imported late, so that a missing package is told in words before it is missed.
  const { parse } = await import('smol-toml')
  const config = parse(readFileSync(resolve(ROOT, 'wrangler.toml'), 'utf8'))
  return {
    compatibilityDate: config.compatibility_date,
    crons: config.triggers?.crons ?? [],
    databases: (config.d1_databases ?? []).map(readDatabase),
    namespaces: (config.kv_namespaces ?? []).map(({ binding, id }) => ({ binding, id })),
  }
}

/** The plain settings that the Worker will read: those of wrangler.toml, and of .dev.vars where this machine has one. */
export async function readVariables() {
  const { parse } = await import('smol-toml')
  const { vars = {} } = parse(readFileSync(resolve(ROOT, 'wrangler.toml'), 'utf8'))
  const local = resolve(ROOT, '.dev.vars')
  return { ...vars, ...(existsSync(local) ? util.parseEnv(readFileSync(local, 'utf8')) : {}) }
}

function readDatabase({ binding, database_id: id, migrations_dir: directory }) {
  if (binding && id && directory) return { binding, id, directory }
  throw new Refusal(
    `wrangler.toml: the database ${binding ?? '(without a binding)'} needs binding, database_id and migrations_dir.`,
    'Complete its [[d1_databases]] block.',
  )
}
