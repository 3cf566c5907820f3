import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler'
import { killGroup } from '../../../scripts/lib/child.mjs'
import { testSettings } from '../test-settings.ts'
import type { EventProcessNews, EventProcessOptions } from './event-process.ts'

const WORKER = resolve('test/support/events/worker.ts')
const PROCESS = resolve('test/support/node/event-process.ts')
const SUBSCRIBERS = { product: resolve('src/subscribers.ts'), test: resolve('test/support/events/subscribers.ts') }
const READY_WITHIN_MS = 60_000
const ANSWER_WITHIN_MS = 30_000
const LAST_WORDS = 40

/** The Worker with its queues in a process that can be killed and started again on the same databases. */
export interface EventSystem {
  start(): Promise<EventProcess>
  /** Ends what runs, and removes all files. */
  close(): Promise<void>
}

export interface EventProcess {
  /** Rejects where the process ends meanwhile. */
  post<T>(path: string, body: unknown): Promise<T>
  /** Ends Node and workerd at once, without a word to them. */
  kill(): Promise<void>
  /** Resolves when it has ended, with the point at which it asked to be killed, if it did. */
  ended: Promise<string | undefined>
  lastWords(): string
}

export async function createEventSystem(): Promise<EventSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'selvage-events-'))
  const temp = join(folder, 'tmp')
  const script = join(folder, 'worker.js')
  await Promise.all([mkdir(temp), bundle(script)])
  const { workerOptions } = readWorkerOptions(resolve('wrangler.toml'))
  const options: EventProcessOptions = {
    worker: { ...workerOptions, name: 'events', bindings: testSettings() },
    script,
    folder,
  }
  const running = new Set<EventProcess>()
  return {
    async start() {
      const started = await startProcess(options, temp)
      running.add(started)
      void started.ended.then(() => running.delete(started))
      return started
    },
    async close() {
      await Promise.all([...running].map((started) => started.kill()))
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The product's modules as they are, but for who hears what. */
async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [WORKER],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    plugins: [
      {
        name: 'subscribers-of-the-test',
        setup: ({ onResolve }) =>
          onResolve({ filter: /\/subscribers\.ts$/ }, ({ path, resolveDir }) =>
            resolve(resolveDir, path) === SUBSCRIBERS.product ? { path: SUBSCRIBERS.test } : undefined,
          ),
      },
    ],
  })
}

async function startProcess(options: EventProcessOptions, temp: string): Promise<EventProcess> {
  const words: string[] = []
  const child = fork(PROCESS, {
    // A group of its own, so that workerd goes with it; what it leaves in temporary folders goes with ours.
    detached: process.platform !== 'win32',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, TMPDIR: temp, TEMP: temp, TMP: temp },
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      words.push(text)
      if (words.length > LAST_WORDS) words.shift()
    })
  }
  const killNow = () => killGroup(child.pid)
  process.once('exit', killNow)
  let crashedAt: string | undefined
  const ended = once(child, 'exit').then(() => {
    process.off('exit', killNow)
    return crashedAt
  })
  const lastWords = () => words.join('')
  const kill = async () => {
    killNow()
    await ended
  }
  const url = new Promise<string>((ready, reject) => {
    child.on('message', (news: EventProcessNews) => {
      if ('url' in news) return ready(news.url)
      crashedAt = news.crashAt
      killNow()
    })
    const fail = (why: string) => reject(new Error(`The process of the queues ${why}:\n${lastWords()}`))
    setTimeout(fail, READY_WITHIN_MS, 'was not ready in time').unref()
    void ended.then(() => fail('ended by itself'))
  })
  child.send(options)
  try {
    const base = await url
    return { post: (path, body) => post(new URL(path, base), body), kill, ended, lastWords }
  } catch (error) {
    await kill()
    throw error
  }
}

async function post<T>(url: URL, body: unknown): Promise<T> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal })
  if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
