import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'smol-toml'
import { isEntryPoint, ROOT } from '../../scripts/lib/cli.mjs'
import { QUIET_ENVIRONMENT } from '../../scripts/lib/wrangler-config.mjs'
import { testSettings } from '../support/test-settings.ts'
import { median, type Ratio, ratioOf } from './statistics.ts'

export interface StartupResult {
  rounds: number
  /** Processor time of an empty Worker until its first answer, milliseconds: the median. */
  emptyMs: number
  /** The same of one that holds all of our code and runs none of it: what reading it takes. */
  readMs: number
  /** Of ours, until it waits for requests, and until it has answered the first one. */
  readyMs: number
  answeredMs: number
  read: Ratio
  ready: Ratio
  answered: Ratio
}

const WORKERS = ['empty', 'unrun', 'selvage'] as const
type Round = Record<(typeof WORKERS)[number], Started>

interface Started {
  readyMs: number
  answeredMs: number
}

const EMPTY = "export default { fetch: () => new Response('ok') }"
const IMPORT = /import\s*(?:\{[^{}]*\}|\*\s*as\s+\w+|\w+)\s*from\s*"(?:node|cloudflare):[\w/]+";?/g
const QUIET_MS = 60
const NS_PER_MS = 1e6

/**
 * What it takes to start: processor time of the runtime's own process, with the built Worker in it and with an empty
 * one, each begun anew every round, in turns. It is processor time of all threads, so it does not tell what else the
 * machine does meanwhile; Linux alone tells it. Undefined elsewhere.
 */
export async function benchStartup(say: (text: string) => void, rounds = 9): Promise<StartupResult | undefined> {
  if (process.platform !== 'linux') return undefined
  const folder = mkdtempSync(join(tmpdir(), 'selvage-startup-'))
  try {
    const selvage = buildSelvage(join(folder, 'built'))
    const scripts = { empty: EMPTY, unrun: neverRun(selvage), selvage }
    for (const name of WORKERS) writeWorker(join(folder, name), scripts[name])
    const measured: Round[] = []
    for (let round = 0; round < rounds; round += 1) {
      const one: Partial<Round> = {}
      const order = round % 2 === 0 ? WORKERS : WORKERS.toReversed()
      for (const name of order) one[name] = await start(join(folder, name))
      measured.push(one as Round)
      say(`start-up, round ${round + 1} of ${rounds}`)
    }
    return resultOf(measured)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function buildSelvage(out: string): string {
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', out], {
    ...{ cwd: ROOT, stdio: 'pipe' },
    env: { ...process.env, ...QUIET_ENVIRONMENT },
  })
  return readFileSync(join(out, 'index.js'), 'utf8')
}

/** The same code in a function that nobody calls. */
function neverRun(script: string): string {
  const exported = script.lastIndexOf('export')
  const code = script.slice(0, exported) + script.slice(script.indexOf('}', exported) + 1).replace(/^;/, '')
  const imports = code.match(IMPORT) ?? []
  return `${imports.join('\n')}\nglobalThis.never=function(){${code.replaceAll(IMPORT, '')}\n}\n${EMPTY}`
}

/** All have the same settings and bindings: names that stand for something, as the first answer needs no more. */
function writeWorker(folder: string, script: string): void {
  const config = parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8'))
  const bindings = [...JSON.stringify(config).matchAll(/"(?:binding|name)":"([A-Z_]+)"/g)].map(([, name]) => name)
  const settings = { ...testSettings(), SIGN_IN_PROVIDERS: '[]' }
  const texts = [...Object.entries(settings), ...bindings.map((name) => [name, 'bound'])]
  mkdirSync(folder)
  writeFileSync(join(folder, 'index.js'), script)
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [(name = "index.js", esModule = embed "index.js")],
    compatibilityDate = ${JSON.stringify(config.compatibility_date)},
    bindings = [${texts.map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`).join(', ')}],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  )
}

/** Begins a runtime, lets it come to rest, and asks it once. */
async function start(folder: string): Promise<Started> {
  const child = spawn(runtimePath(), ['serve', '--control-fd=3', join(folder, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  try {
    const port = await portOf(child)
    const readyMs = await restOf(child.pid ?? 0)
    const answer = await fetch(`http://127.0.0.1:${port}/version`)
    if (!answer.ok) throw new Error(`${folder} answered ${answer.status}`)
    await answer.text()
    return { readyMs, answeredMs: await restOf(child.pid ?? 0) }
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.kill()) await ended
  }
}

/** The one that Miniflare brings. */
function runtimePath(): string {
  const here = createRequire(import.meta.url)
  return createRequire(here.resolve('miniflare'))('workerd').default
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The runtime ended with ${code}`)))
    child.stdio[3]?.on('data', (line) => {
      const [, port] = /"port":\s*(\d+)/.exec(String(line)) ?? []
      if (port) resolve(Number(port))
    })
  })
}

/** What a process has taken once it takes no more. */
async function restOf(pid: number): Promise<number> {
  for (let before = -1; ; ) {
    const now = processorMs(pid)
    if (now === before) return now
    before = now
    await sleep(QUIET_MS)
  }
}

/** Of all its threads. In nanoseconds where `/proc/PID/stat` counts hundredths of a second. */
function processorMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const taken = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  return taken.reduce((sum, ns) => sum + Number(ns), 0) / NS_PER_MS
}

function resultOf(measured: readonly Round[]): StartupResult {
  const of = (name: keyof Round, figure: keyof Started) => measured.map((round) => round[name][figure])
  const ratio = (name: keyof Round, figure: keyof Started) => ratioOf(of(name, figure), of('empty', figure))
  return {
    rounds: measured.length,
    emptyMs: median(of('empty', 'answeredMs')),
    readMs: median(of('unrun', 'answeredMs')),
    readyMs: median(of('selvage', 'readyMs')),
    answeredMs: median(of('selvage', 'answeredMs')),
    read: ratio('unrun', 'answeredMs'),
    ready: ratio('selvage', 'readyMs'),
    answered: ratio('selvage', 'answeredMs'),
  }
}

export function describeStartup(result: StartupResult | undefined): string {
  if (!result) return 'Start-up is measured on Linux only.'
  const { rounds, emptyMs, readMs, readyMs, answeredMs, read, ready, answered } = result
  const line = ({ median: middle, low, high }: Ratio) =>
    `${middle.toFixed(1)} times an empty Worker (${low.toFixed(1)} to ${high.toFixed(1)})`
  return [
    `start-up, processor time of the runtime, ${rounds} rounds; an empty Worker takes ${emptyMs.toFixed(0)} ms`,
    `  all of our code, none of it run  ${readMs.toFixed(0)} ms, ${line(read)}`,
    `  until it waits for requests      ${readyMs.toFixed(0)} ms, ${line(ready)}`,
    `  until the first answer           ${answeredMs.toFixed(0)} ms, ${line(answered)}`,
  ].join('\n')
}

if (isEntryPoint(import.meta.url)) {
  console.log(describeStartup(await benchStartup((text) => console.error(`  ${text}`))))
}
