import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { main, Refusal, requirePackages, seconds } from './lib/cli.mjs'
import { isDue } from './lib/cron.mjs'
import { died, requireFreePort, startDevServer } from './lib/dev-server.mjs'
import { ensureDevVars } from './lib/dev-vars.mjs'
import { switchOnFlags } from './lib/local-flags.mjs'
import { withLock } from './lib/lock.mjs'
import { PEOPLE } from './lib/seed-world.mjs'
import { runFile } from './lib/tool.mjs'
import { readWranglerConfig, STATE_DIRECTORY } from './lib/wrangler-config.mjs'
import { migrateLocal } from './migrate-local.mjs'
import { seed } from './seed.mjs'

const DEFAULT_PORT = 8787
const MINUTE_MS = 60_000
const REPEATED_SIGNAL_MS = 1_000
const STOP = Symbol('stop')
const SEEDED = join(STATE_DIRECTORY, 'seeded.json')

await main(async () => {
  const began = performance.now()
  const { port, wantsSeed } = readArguments()
  requirePackages()
  return withLock(async (note) => {
    await requireFreePort(port)
    return run({ port, wantsSeed, note, began })
  })
})

async function run({ port, wantsSeed, note, began }) {
  const stopped = untilAskedToStop()
  const { vars, added } = ensureDevVars()
  if (added.length > 0) step(`.dev.vars: wrote ${added.join(', ')}`)
  const applied = await migrateLocal()
  if (applied.length > 0) step(`databases: applied ${applied.length} migration${applied.length === 1 ? '' : 's'}`)

  const flags = await switchOnFlags()
  if (flags.length > 0) step(`flags: ${flags.join(', ')} on for everybody`)

  // Until the welcome is out, only what is alarming is worth a line.
  let isTalkative = false
  const server = startDevServer(port, (line) => {
    if (isTalkative || isAlarming(line)) console.log(line)
  })
  note({ port, worker: server.pid })
  const crashed = server.ended.then((how) => {
    throw died(how, [server.lastWords()])
  })
  let stopClock = () => {}
  try {
    const prepared = Promise.all([prepare(server, vars, wantsSeed), buildClient()])
    if ((await Promise.race([stopped, crashed, prepared])) === STOP) return 0
    printWelcome(port, vars, began)
    isTalkative = true
    const { crons } = await readWranglerConfig()
    stopClock = everyMinute((now) => fireCrons(server.url, crons, now))
    await Promise.race([stopped, crashed])
    return 0
  } finally {
    stopClock()
    await server.stop()
  }
}

async function prepare(server, vars, wantsSeed) {
  await server.untilReady()
  if (!wantsSeed || existsSync(SEEDED)) return
  const began = performance.now()
  await seed(server.url, { email: vars.BOOTSTRAP_ADMIN_EMAIL, password: vars.BOOTSTRAP_ADMIN_PASSWORD })
  writeFileSync(SEEDED, JSON.stringify({ at: new Date().toISOString(), admin: fingerprint(vars) }))
  step(`seed: a small world, through the API, in ${seconds(began)}`)
}

/** What `selvage/client` leads to, for the examples and whoever tries it. */
async function buildClient() {
  const { code, output } = await runFile('scripts/build-client.mjs', [])
  if (code !== 0) console.error(output)
}

/** Ctrl-C stops in order. A second one ends the process at once, and its children with it. */
function untilAskedToStop() {
  return new Promise((resolve) => {
    let askedMs = 0
    const ask = () => {
      // One Ctrl-C may arrive twice: from the terminal, and forwarded by npm.
      if (askedMs > 0 && Date.now() - askedMs > REPEATED_SIGNAL_MS) process.exit(130)
      askedMs ||= Date.now()
      resolve(STOP)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask)
  })
}

/** `wrangler dev` never fires crons by itself. */
async function fireCrons(url, crons, now) {
  for (const cron of crons.filter((expression) => isDue(expression, now))) {
    const query = new URLSearchParams({ cron, time: String(now.getTime()) })
    // A Worker that is being reloaded misses one; the next minute makes it good.
    await fetch(`${url}/cdn-cgi/local/scheduled?${query}`).catch(() => undefined)
  }
}

function everyMinute(work) {
  let timer
  const arm = () => {
    // Slightly after the full minute: a timer that fires early would otherwise fire twice.
    timer = setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS) + 50)
  }
  const tick = () => {
    work(new Date())
    arm()
  }
  arm()
  return () => clearTimeout(timer)
}

function printWelcome(port, vars, began) {
  const seeded = existsSync(SEEDED) ? JSON.parse(readFileSync(SEEDED, 'utf8')) : undefined
  const url = `http://localhost:${port}`
  const people = seeded ? PEOPLE : []
  const rows = people.map((one) => [one.email, one.password, `${one.firstName} ${one.lastName}, ${one.about}`])
  // The first administrator is made once, so a .dev.vars that was written anew later does not know the password.
  const known = seeded === undefined || seeded.admin === fingerprint(vars)
  rows.push([vars.BOOTSTRAP_ADMIN_EMAIL, known ? vars.BOOTSTRAP_ADMIN_PASSWORD : '(as before)', 'administrator'])
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)))
  console.log(`
Selvage is ready (${seconds(began)})

  the pages         ${url}
  the API           ${url}/v1
  its documentation ${url}/api/docs
  the mail it sends ${url}/dev/mail

Sign in as
${rows.map(([email, password, who]) => `  ${email.padEnd(widths[0])}  ${password.padEnd(widths[1])}  ${who}`).join('\n')}

Ctrl-C stops it and keeps the data; \`npm run reset\` clears it. The log follows.
`)
}

function fingerprint({ BOOTSTRAP_ADMIN_EMAIL, BOOTSTRAP_ADMIN_PASSWORD }) {
  return createHash('sha256').update(`${BOOTSTRAP_ADMIN_EMAIL} ${BOOTSTRAP_ADMIN_PASSWORD}`).digest('hex')
}

function isAlarming(line) {
  return /^(WARN|ERROR|\[wrangler:error\]|\{.*"level":"(warn|error)")|✘|▲/.test(line)
}

function step(text) {
  console.log(`  ${text}`)
}

function readArguments() {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string' }, 'no-seed': { type: 'boolean' } } })
    const port = Number(values.port ?? DEFAULT_PORT)
    if (Number.isInteger(port) && port > 0 && port < 65_536) return { port, wantsSeed: !values['no-seed'] }
    throw new Error(`'${values.port}' is no port`)
  } catch (error) {
    throw new Refusal(`npm start: ${error.message}.`, 'Usage: npm start -- [--port N] [--no-seed]')
  }
}
