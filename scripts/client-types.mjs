import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { main, Refusal, ROOT, requirePackages } from './lib/cli.mjs'
import { clientTypes } from './lib/client-types.mjs'

const FILE = 'src/client/api-types.ts'

/** Writes the client's types anew. With `--check` it only compares them with what the routes say. */
await main(async () => {
  requirePackages()
  const path = resolve(ROOT, FILE)
  const fresh = await clientTypes()
  const present = await readFile(path, 'utf8').catch(() => '')
  if (fresh === present) return 0
  if (process.argv.includes('--check')) {
    throw new Refusal(`${FILE} is not what the routes say.`, 'Run `npm run client`, and commit what it has changed.')
  }
  await writeFile(path, fresh)
  console.log(`${FILE} is new`)
  return 0
})
