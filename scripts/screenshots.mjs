import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findChromium, HOW_TO_INSTALL } from './lib/chromium.mjs'
import { main, Refusal, ROOT, requirePackages } from './lib/cli.mjs'
import { shrinkPng } from './lib/small-png.mjs'
import { QUIET_ENVIRONMENT } from './lib/wrangler-config.mjs'

const TAKEN = join(ROOT, 'test-results/screenshots')
const KEPT = join(ROOT, 'docs/screenshots')
/** One of each width and of each scheme is kept with the project; the others are for whoever has made them. */
const WORTH_KEEPING = /-(desktop|phone-dark)\.png$|^api-docs\.png$/

await main(() => {
  requirePackages()
  const chromium = findChromium()
  if (!chromium) throw new Refusal('Screenshots need a browser.', HOW_TO_INSTALL)
  const only = process.argv.slice(2)
  rmSync(TAKEN, { recursive: true, force: true })
  const { status } = spawnSync(
    process.execPath,
    [
      resolve(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...['--config', 'test/vitest.config.ts', '--root', '.', '--project', 'node'],
      'test/browser/pages.test.ts',
      ...(only.length === 0 ? ['test/browser/seeded-world.test.ts'] : []),
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: {
        ...process.env,
        ...QUIET_ENVIRONMENT,
        CHROMIUM_PATH: chromium,
        SCREENSHOTS: TAKEN,
        SCENES: only.join(','),
      },
    },
  )
  const taken = readdirSync(TAKEN).filter((file) => file.endsWith('.png'))
  // A run of all is the whole truth: what no scene makes any more goes.
  if (only.length === 0 && status === 0) rmSync(KEPT, { recursive: true, force: true })
  mkdirSync(KEPT, { recursive: true })
  const kept = taken.filter((file) => WORTH_KEEPING.test(file))
  for (const file of kept) writeFileSync(join(KEPT, file), shrinkPng(readFileSync(join(TAKEN, file))))
  console.log(`${taken.length} pictures in test-results/screenshots, ${kept.length} of them in docs/screenshots`)
  return status ?? 1
})
