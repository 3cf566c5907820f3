import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'vitest'

const PARTS = ['src', 'durable-objects', 'migrations', 'scripts', 'wrangler.toml', 'tsconfig.json', 'package.json']
const PATIENCE_MS = 100_000

/** A program that a test has started. */
export interface Program {
  output(): string
  ended(): Promise<number>
  saying(text: string): Promise<void>
  write(line: string): void
  /** As by Ctrl-C. */
  stopped(): Promise<number>
}

export interface Clone {
  path: string
  /** Runs a file of ours with Node, in the clone. */
  run(file: string, ...args: string[]): Program
  /** Kills the Worker that runs on the clone's data, without a warning; resolves when `npm start` has given up. */
  killWorker(): Promise<void>
  remove(): Promise<void>
}

/** What a developer has after cloning and installing, in a folder of its own: nothing of theirs is touched. */
export async function makeClone(): Promise<Clone> {
  const path = await mkdtemp(join(tmpdir(), 'selvage-start-'))
  for (const part of PARTS) await cp(resolve(part), join(path, part), { recursive: true })
  await symlink(resolve('node_modules'), join(path, 'node_modules'), 'junction')
  const running = new Map<ChildProcess, Promise<number>>()
  return {
    path,
    run(file, ...args) {
      const child = spawn(process.execPath, [resolve(path, file), ...args], { cwd: path })
      const exit = once(child, 'close').then(([code]) => {
        running.delete(child)
        return code as number
      })
      running.set(child, exit)
      return program(child, exit)
    },
    async killWorker() {
      const { pid, worker } = JSON.parse(await readFile(join(path, '.wrangler/selvage.lock'), 'utf8'))
      const owner = [...running].find(([child]) => child.pid === pid)
      process.kill(worker, 'SIGKILL')
      // It sees that its Worker is dead, says so and ends.
      await owner?.[1]
    },
    async remove() {
      for (const child of running.keys()) child.kill('SIGTERM')
      await Promise.all(running.values())
      await rm(path, { recursive: true, force: true })
    },
  }
}

function program(child: ReturnType<typeof spawn>, exit: Promise<number>): Program {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  return {
    output: () => output,
    ended: () => exit,
    saying: (text) =>
      expect.poll(() => output, { timeout: PATIENCE_MS, message: 'what it said' }).toContain(text) as Promise<void>,
    write: (line) => void child.stdin?.write(`${line}\n`),
    stopped() {
      child.kill('SIGINT')
      return exit
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
