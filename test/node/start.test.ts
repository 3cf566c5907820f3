import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clone, freePort, makeClone } from '../support/node/clone.ts'

let clone: Clone
let port: number

beforeAll(async () => {
  clone = await makeClone()
  port = await freePort()
})

afterAll(() => clone.remove())

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
    expect((await stat(join(clone.path, '.dev.vars'))).mode & 0o077).toBe(0)

    const second = run('start.mjs', '--port', String(await freePort()))
    expect(await second.ended()).toBe(1)
    expect(second.output()).toContain(`already running on this data at http://localhost:${port}`)

    const reset = run('reset.mjs')
    expect(await reset.ended()).toBe(1)

    expect(await start.stopped()).toBe(0)
  })

  it('keeps the keys and the data from one start to the next, until a reset', async () => {
    const keys = await readFile(join(clone.path, '.dev.vars'), 'utf8')
    const start = run('start.mjs', '--port', String(port))
    await start.saying('Selvage is ready')
    expect(start.output()).not.toContain('seed:')
    expect(await start.stopped()).toBe(0)

    expect(await run('reset.mjs').ended()).toBe(0)
    await expect(stat(join(clone.path, '.wrangler/state'))).rejects.toThrow('ENOENT')
    expect(await readFile(join(clone.path, '.dev.vars'), 'utf8')).toBe(keys)
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
    await writeFile(join(clone.path, file), 'create table half (id integer);--> statement-breakpoint\nno sql at all')
    const failing = run('migrate-local.mjs')
    expect(await failing.ended()).toBe(1)
    expect(failing.output()).toMatch(new RegExp(`${file} failed: .*syntax error`))

    await writeFile(join(clone.path, file), 'create table half (id integer);')
    const right = run('migrate-local.mjs')
    expect(await right.ended()).toBe(0)
    expect(right.output()).toBe(`Applied ${file}.\n`)
  })
})

function run(script: string, ...args: string[]) {
  return clone.run(`scripts/${script}`, ...args)
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
