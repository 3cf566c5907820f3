import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const PARTS = ['src', 'durable-objects', 'migrations', 'scripts', 'wrangler.toml', 'tsconfig.json', 'package.json']
const READY_WITHIN_MS = 100_000

/** A clone of its own, so that nothing of the developer's data is touched. */
let clone: string
let port: number
const running = new Map<ChildProcess, Promise<number>>()

beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'selvage-start-'))
  for (const part of PARTS) await cp(resolve(part), join(clone, part), { recursive: true })
  await symlink(resolve('node_modules'), join(clone, 'node_modules'), 'junction')
  port = await freePort()
})

afterAll(async () => {
  for (const child of running.keys()) child.kill('SIGTERM')
  await Promise.all(running.values())
  await rm(clone, { recursive: true, force: true })
})

describe('npm start', () => {
  it('brings a fresh clone up with people who can sign in (R49.3)', async () => {
    const start = run('start.mjs', '--port', String(port))
    await start.saying('Selvage is ready')
    const [, email, password] = start.output().match(/^ {2}(maya@\S+) +(\S+)/m) ?? []
    const { accessToken } = await post('/v1/auth/login', { email, password })
    const rooms = await fetch(url('/v1/chat/rooms'), { headers: { authorization: `Bearer ${accessToken}` } })
    const { data } = (await rooms.json()) as { data: { type: string; name: string }[] }
    expect(data.map(({ type }) => type).sort()).toEqual(['group', 'private'])

    const [, admin, secret] = start.output().match(/^ {2}(admin@\S+) +(\S+)/m) ?? []
    expect((await post('/v1/auth/login', { email: admin, password: secret })).user.roles).toContain('admin')
    expect((await stat(join(clone, '.dev.vars'))).mode & 0o077).toBe(0)

    const second = run('start.mjs', '--port', String(await freePort()))
    expect(await second.ended()).toBe(1)
    expect(second.output()).toContain(`already running on this data at http://localhost:${port}`)

    const reset = run('reset.mjs')
    expect(await reset.ended()).toBe(1)

    expect(await start.stopped()).toBe(0)
  })

  it('keeps the keys and the data from one start to the next, until a reset', async () => {
    const keys = await readFile(join(clone, '.dev.vars'), 'utf8')
    const start = run('start.mjs', '--port', String(port))
    await start.saying('Selvage is ready')
    expect(start.output()).not.toContain('seed:')
    expect(await start.stopped()).toBe(0)

    expect(await run('reset.mjs').ended()).toBe(0)
    await expect(stat(join(clone, '.wrangler/state'))).rejects.toThrow('ENOENT')
    expect(await readFile(join(clone, '.dev.vars'), 'utf8')).toBe(keys)
  })

  it('names a port that is taken and the way out', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const start = run('start.mjs', '--port', String(port))
    expect(await start.ended()).toBe(1)
    expect(start.output()).toMatch(new RegExp(`Port ${port} is taken.*\n.*--port ${port + 1}`))
    other.close()
  })

  it('names the migration that fails, and applies it once it is right', async () => {
    const file = 'migrations/core/9999_break.sql'
    await writeFile(join(clone, file), 'create table half (id integer);--> statement-breakpoint\nno sql at all')
    const failing = run('migrate-local.mjs')
    expect(await failing.ended()).toBe(1)
    expect(failing.output()).toMatch(new RegExp(`${file} failed: .*syntax error`))

    await writeFile(join(clone, file), 'create table half (id integer);')
    const right = run('migrate-local.mjs')
    expect(await right.ended()).toBe(0)
    expect(right.output()).toBe(`Applied ${file}.\n`)
  })
})

function run(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(clone, 'scripts', script), ...args], { cwd: clone })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  const exit = once(child, 'close').then(([code]) => {
    running.delete(child)
    return code as number
  })
  running.set(child, exit)
  return {
    output: () => output,
    ended: () => exit,
    saying: (text: string) =>
      expect.poll(() => output, { timeout: READY_WITHIN_MS, message: 'what it said' }).toContain(text),
    stopped() {
      child.kill('SIGINT')
      return exit
    },
  }
}

async function post(path: string, body: unknown) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url(path), { method: 'POST', headers, body: JSON.stringify(body) })
  const { data } = (await response.json()) as { data: { accessToken: string; user: { roles: string[] } } }
  return data
}

function url(path: string) {
  return `http://127.0.0.1:${port}${path}`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
