import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import * as browser from './lib/chromium.mjs'
import { main, Refusal, ROOT, requirePackages } from './lib/cli.mjs'
import * as redis from './lib/redis.mjs'
import { PARTIAL_RESULTS, RESULTS, readResults, summarize } from './lib/test-results.mjs'
import { QUIET_ENVIRONMENT } from './lib/wrangler-config.mjs'

const BROWSER_TESTS = 'test/browser'
const isCi = ['true', '1'].includes(process.env.CI ?? '')

await main(async () => {
  requirePackages()
  const [onlyBrowser, extra] = readArguments()
  const chromium = browser.findChromium()
  if (onlyBrowser && !chromium) throw new Refusal('The browser tests need a browser.', browser.HOW_TO_INSTALL)

  const args = onlyBrowser ? [BROWSER_TESTS, ...extra] : extra
  const report = args.length === 0 ? RESULTS : PARTIAL_RESULTS
  rmSync(report, { force: true })
  const code = await runVitest(args, report, chromium)
  const skipped = args.length === 0 ? explainSkipped(chromium) : []
  for (const line of skipped) console.log(line)
  console.log(summarize(readResults(report)))
  return code === 0 && skipped.length > 0 && isCi ? 1 : code
})

/** What of a whole run did not run here, and how to change that. CI takes it for a failure. */
function explainSkipped(chromium) {
  return [
    !chromium && `The browser tests were skipped. ${browser.HOW_TO_INSTALL}`,
    !redis.findRedis() && `The tests of the limiter on Redis were skipped. ${redis.HOW_TO_INSTALL}`,
  ].filter(Boolean)
}

function readArguments() {
  const args = process.argv.slice(2)
  const rest = args.filter((argument) => argument !== '--browser')
  return [rest.length < args.length, rest]
}

/** The tests in test/browser run when CHROMIUM_PATH names a browser and skip themselves when it is empty. */
function runVitest(args, report, chromium) {
  const child = spawn(
    process.execPath,
    [
      resolve(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...['--config', resolve(ROOT, 'test/vitest.config.ts')],
      ...['--reporter', isCi ? 'verbose' : 'default', '--reporter', 'json', '--outputFile.json', report],
      ...args,
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...QUIET_ENVIRONMENT, CHROMIUM_PATH: chromium ?? '' },
    },
  )
  return new Promise((settle, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => settle(code ?? 1))
  })
}
