import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { startChild } from './child.mjs'
import { Refusal, ROOT } from './cli.mjs'
import { QUIET_ENVIRONMENT } from './wrangler-config.mjs'

const READY_WITHIN_MS = 90_000
const POLL_MS = 100
const LAST_WORDS = 25

/** Refuses when somebody listens on the port already, on either of the addresses that `localhost` may mean. */
export async function requireFreePort(port) {
  for (const host of ['127.0.0.1', '::1']) {
    const problem = await tryListen(port, host)
    if (problem === 'EADDRINUSE') {
      throw new Refusal(
        `Port ${port} is taken by another program.`,
        `Stop that program, or choose another port: npm start -- --port ${port + 1}`,
      )
    }
    if (problem === 'EACCES') {
      throw new Refusal(
        `This user may not listen on port ${port}.`,
        'Choose a port above 1023: npm start -- --port 8787',
      )
    }
  }
}

function tryListen(port, host) {
  return new Promise((settle) => {
    const server = createServer()
    server.once('error', (error) => settle(error.code))
    server.listen({ port, host, exclusive: true }, () => server.close(() => settle(undefined)))
  })
}

/** `wrangler dev` without its own voice: `say` gets what a developer wants to see of its output. */
export function startDevServer(port, say) {
  const words = []
  const child = startChild(
    process.execPath,
    [
      resolve(ROOT, 'node_modules/wrangler/bin/wrangler.js'),
      'dev',
      ...['--port', String(port), '--ip', '127.0.0.1', '--local-protocol', 'http'],
      // Where links in mails lead, and where passkeys are good.
      ...['--var', `FRONTEND_URL:http://localhost:${port}`],
      // Port 0: any free one, so that two projects do not meet at the inspector's default.
      ...['--inspector-port', '0', '--show-interactive-dev-session', 'false'],
    ],
    {
      cwd: ROOT,
      env: { ...process.env, ...QUIET_ENVIRONMENT },
      onLine(raw) {
        const line = stripVTControlCharacters(raw).trimEnd()
        if (line.trim() === '') return
        words.push(line)
        if (words.length > LAST_WORDS) words.shift()
        const worth = worthSaying(line)
        if (worth) say(worth)
      },
    },
  )
  const url = `http://127.0.0.1:${port}`
  return { ...child, url, untilReady: () => untilReady(child, url, words), lastWords: () => words.join('\n') }
}

// What wrangler says by itself and nobody needs here. Our own log has the requests.
const CHATTER = [
  /^\[wrangler:info\]/,
  /^⎔ (Starting|Reloading|Shutting)/,
  /^🪵/,
  /^Your Worker has access|^Binding {2,}|^env\.|^\[custom build\]|^Total Upload/i,
  /Scheduled Workers are not automatically triggered|To manually trigger a scheduled event/,
  /curl "http.*\/cdn-cgi\/|cron-triggers\/#test-cron-triggers-locally/,
]

function worthSaying(line) {
  if (CHATTER.some((pattern) => pattern.test(line.trim()))) return undefined
  if (line.startsWith('⎔ Local server updated')) return '(reloaded)'
  // A Worker's console.error and console.warn arrive inside wrangler's own banners.
  return line.replace(/^(?:✘ \[ERROR\]|▲ \[WARNING\]) (?=\{|[A-Z]+ )/, '')
}

async function untilReady(child, url, words) {
  let ended
  child.ended.then((how) => {
    ended = how
  })
  const deadline = Date.now() + READY_WITHIN_MS
  let state = 'it does not answer'
  while (Date.now() < deadline) {
    if (ended !== undefined) throw died(ended, words)
    if (words.some((line) => line.includes('Build failed'))) {
      throw new Refusal(`The Worker does not build:\n${words.join('\n')}`, 'Correct the source and start again.')
    }
    try {
      const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) })
      if (response.ok) return
      state = `${response.status} ${(await response.text()).slice(0, 500)}`
    } catch {
      // Not listening yet.
    }
    await sleep(POLL_MS)
  }
  throw new Refusal(
    `The Worker was not ready after ${READY_WITHIN_MS / 1000} s: ${state}\nIts last words:\n${words.join('\n')}`,
    'If a setting is missing or weak, correct it in .dev.vars. If the local data is damaged: `npm run reset`.',
  )
}

/** The refusal for a server that ended without being asked. */
export function died(how, words) {
  return new Refusal(
    `wrangler dev ended by itself (${how}).${words.length > 0 ? ` Its last words:\n${words.join('\n')}` : ''}`,
    'If the cause is not above, `npx wrangler dev` shows all it says.',
  )
}
