import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RedisServer {
  port: number
  stop(): Promise<void>
}

const ATTEMPTS = 3
const START_MS = 5_000

/** A Redis of one's own on a free port of the loopback, which writes nothing to disk. */
export async function startRedisServer(program: string): Promise<RedisServer> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await tryToStart(program, await freePort())
    if (server) return server
    // Between looking for a free port and taking it, somebody else may.
    if (attempt === ATTEMPTS) throw new Error(`${program} does not start`)
  }
}

async function tryToStart(program: string, port: number): Promise<RedisServer | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'selvage-redis-'))
  const child = spawn(
    program,
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory],
      ...['--save', '', '--appendonly', 'no', '--loglevel', 'warning'],
    ],
    { stdio: 'ignore' },
  )
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = async () => {
    kill()
    await ended
    process.off('exit', kill)
    rmSync(directory, { recursive: true, force: true })
  }
  const deadline = Date.now() + START_MS
  while (child.exitCode === null && child.pid !== undefined && Date.now() < deadline) {
    if (await accepts(port)) return { port, stop }
    await sleep(10)
  }
  await stop()
  return undefined
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address && typeof address === 'object') resolve(address.port)
        else reject(new Error('There is no free port'))
      })
    })
  })
}
