import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { main, Refusal, ROOT, requirePackages } from './lib/cli.mjs'
import { clientTypes } from './lib/client-types.mjs'
import { runFile } from './lib/tool.mjs'

const FILE = 'src/client/api-types.ts'

/** Writes the client's types anew and builds it. With `--check` it only compares the types with what the routes say. */
await main(async () => {
  requirePackages()
  const path = resolve(ROOT, FILE)
  const fresh = await clientTypes()
  const present = await readFile(path, 'utf8').catch(() => '')
  const isCurrent = fresh === present
  if (process.argv.includes('--check')) {
    if (isCurrent) return 0
    throw new Refusal(`${FILE} is not what the routes say.`, 'Run `npm run client`, and commit what it has changed.')
  }
  if (!isCurrent) {
    await writeFile(path, fresh)
    console.log(`${FILE} is new`)
  }
  return (await runFile('scripts/build-client.mjs', [], { inherit: true })).code
})
