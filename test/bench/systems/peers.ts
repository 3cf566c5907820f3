import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../../scripts/lib/cli.mjs'
import type { System } from '../system.ts'

const PEERS = join(ROOT, 'test/bench/peers')
/** Beside their sources, so that what is compiled finds their packages. */
export const BUILT_PEERS = join(PEERS, '.built')
const READY_WITHIN_MS = 30_000

/** Peers are written with decorators, which Node does not strip: compiled as their own users do, and checked by that. */
export function buildPeers(): void {
  rmSync(BUILT_PEERS, { recursive: true, force: true })
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', PEERS], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

/** Begins a peer in a process of its own, with settings as in production. */
export function startPeer(entry: string, args: string[], settings: Record<string, string>): Promise<System> {
  const child = fork(join(BUILT_PEERS, entry), args, {
    env: { ...process.env, NODE_ENV: 'production', ...settings },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const stop = () => stopChild(child)
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      void stop()
      reject(new Error(`${entry} was not ready in time`))
    }, READY_WITHIN_MS)
    child.once('message', ({ url }: { url: string }) => {
      clearTimeout(late)
      resolve({ url, pids: [child.pid ?? 0], stop })
    })
    child.once('exit', (code) => reject(new Error(`${entry} ended with ${code}`)))
  })
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await ended
}

let folder: string | undefined

/** A file that goes when this process ends. */
export function temporaryFile(name: string): string {
  folder ??= makeFolder()
  return join(folder, name)
}

function makeFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'selvage-bench-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}
