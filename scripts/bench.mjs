import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { startChild } from './lib/child.mjs'
import { main, Refusal, ROOT, requirePackages } from './lib/cli.mjs'
import { QUIET_ENVIRONMENT } from './lib/wrangler-config.mjs'

const BENCH = resolve(ROOT, 'test/bench')
const PEERS = resolve(BENCH, 'peers')

await main(async () => {
  requirePackages()
  // Only what is measured needs them: not the comparison of two runs, nor what a file is published from.
  if (!process.argv.slice(2).some((arg) => ['--compare', '--profile'].includes(arg) || arg.endsWith('.json')))
    await installPeers()
  const program = process.argv.includes('--profile') ? 'profile.ts' : 'main.ts'
  const code = await run(process.execPath, [resolve(BENCH, program), ...process.argv.slice(2)])
  if (code !== 'code 0') throw new Refusal(`The benchmark ended with ${code}.`, 'What it said last stands above.')
})

/** What it compares with has packages of its own, which nothing else needs. */
async function installPeers() {
  const [installed, wanted] = [resolve(PEERS, 'node_modules/.package-lock.json'), resolve(PEERS, 'package-lock.json')]
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return
  console.error('  the peers: npm ci in test/bench/peers')
  const code = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', PEERS])
  if (code !== 'code 0') throw new Refusal(`The peers were not installed: ${code}.`, 'Look at what npm says above.')
}

async function run(command, args) {
  const child = startChild(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...QUIET_ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'pipe'],
    onLine: (line) => console.log(line),
  })
  return child.ended
}
