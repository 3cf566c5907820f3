import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PERSISTENCE, withNamespace } from './local-databases.mjs'
import { readWranglerConfig } from './wrangler-config.mjs'

/** What a laptop has on for everybody. */
const FLAGS = ['reviews']
const EVERYBODY = JSON.stringify({ percent: 100 })
const STAMP = join(PERSISTENCE, 'flags.json')

/**
 * Switches on what is being rolled out, once: who switches a flag off on their machine finds it off. While no Worker runs.
 * @returns {Promise<string[]>} the flags that were switched on
 */
export async function switchOnFlags() {
  if (existsSync(STAMP)) return []
  await withNamespace(PERSISTENCE, await readWranglerConfig(), 'CONFIG', async (namespace) => {
    for (const flag of FLAGS) await namespace.put(`flag:${flag}`, EVERYBODY)
  })
  mkdirSync(PERSISTENCE, { recursive: true })
  writeFileSync(STAMP, JSON.stringify(FLAGS))
  return FLAGS
}
