import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PRODUCTS } from '../../scripts/lib/seed-shop.mjs'
import { type Clone, freePort, makeClone, type Program } from '../support/node/clone.ts'

const EXAMPLE = resolve('docs/examples/chat.mjs')

let clone: Clone
let port: number
/** One of them serves all tests that need one: a start takes as long as all of them. */
let server: Program | undefined
/** What the first start has printed: the people of the small world that it has made. */
let welcome = ''

beforeAll(async () => {
  clone = await makeClone()
  port = await freePort()
})

afterAll(() => clone.remove())

describe('npm start', () => {
  it('brings a fresh clone up with people who can sign in (R49.3)', async () => {
    await whileRunning()
    const [, email, password] = welcome.match(/^ {2}(maya@\S+) +(\S+)/m) ?? []
    const { accessToken } = await signIn(email, password)
    expect((await roomsOf(accessToken)).map(({ type }) => type).sort()).toEqual(['group', 'private'])

    const shop = await (await fetch(`http://localhost:${port}/v1/products?limit=100`)).json()
    expect(shop).toMatchObject({ meta: { total: PRODUCTS.filter(({ isDraft }) => !isDraft).length } })

    const [, admin, secret] = welcome.match(/^ {2}(admin@\S+) +(\S+)/m) ?? []
    expect((await signIn(admin, secret)).user.roles).toContain('admin')
    expect((await stat(join(clone.path, '.dev.vars'))).mode & 0o077).toBe(0)

    const second = run('start.mjs', '--port', String(await freePort()))
    expect(await second.ended()).toBe(1)
    expect(second.output()).toContain(`already running on this data at http://localhost:${port}`)

    const reset = run('reset.mjs')
    expect(await reset.ended()).toBe(1)
  })
})

describe('the example of a chat client', () => {
  it('has sixty lines at most, and nothing of ours', async () => {
    const source = await readFile(EXAMPLE, 'utf8')
    expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(60)
    expect([...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name)).toEqual([
      'node:crypto',
      'node:readline',
      'ws',
    ])
  })

  it('chats, resumes and survives that the server is killed: each message comes once, in order (R13.1, R13.43)', async () => {
    await whileRunning()
    const people = [...welcome.matchAll(/^ {2}(\S+@\S+) +(\S+)/gm)].filter(([, email]) => !email?.startsWith('admin'))
    const { accessToken } = await signIn(people[0]?.[1], people[0]?.[2])
    const room = (await roomsOf(accessToken)).find(({ type }) => type === 'group')?.id ?? ''
    const enter = ([, email = '', password = '']: RegExpMatchArray) =>
      clone.run(EXAMPLE, `http://localhost:${port}`, email, password, room)
    const [one, other] = [people[0], people[1]].map((person) => enter(person as RegExpMatchArray)) as [Program, Program]
    await Promise.all([one.saying('connected'), other.saying('connected')])
    one.write('before the crash')
    await Promise.all([one.saying(': before the crash'), other.saying(': before the crash')])

    await clone.killWorker()
    server = undefined
    one.write('while it was down')
    one.write('and this one too')
    await whileRunning()
    await Promise.all([one, other].map((program) => program.saying(': and this one too')))
    other.write('welcome back')
    await Promise.all([one, other].map((program) => program.saying(': welcome back')))
    const said = ['before the crash', 'while it was down', 'and this one too', 'welcome back']
    for (const program of [one, other]) {
      expect(said.map((text) => timesIn(program, `: ${text}`))).toEqual([1, 1, 1, 1])
      const places = said.map((text) => program.output().indexOf(`: ${text}`))
      expect(places).toEqual(places.toSorted((a, b) => a - b))
      await program.stopped()
    }
  })
})

describe('npm start, once more', () => {
  it('keeps the keys and the data from one start to the next, until a reset', async () => {
    const first = await whileRunning()
    const isFirst = first.output().includes('seed:')
    const keys = await readFile(join(clone.path, '.dev.vars'), 'utf8')
    // After the crash it is the second already, which has found what the first has made.
    if (isFirst) {
      expect(await first.stopped()).toBe(0)
      server = undefined
    }
    const next = await whileRunning()
    expect(next.output()).not.toContain('seed:')
    expect(await readFile(join(clone.path, '.dev.vars'), 'utf8')).toBe(keys)
    expect(await next.stopped()).toBe(0)
    server = undefined

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

/** Starts it, unless it runs already. */
async function whileRunning(): Promise<Program> {
  if (server) return server
  const started = run('start.mjs', '--port', String(port))
  await started.saying('Selvage is ready')
  server = started
  welcome ||= started.output()
  return started
}

const timesIn = (program: Program, text: string) => program.output().split(text).length - 1

async function signIn(email?: string, password?: string) {
  return call<{ accessToken: string; user: { roles: string[] } }>('/v1/auth/login', { email, password })
}

function roomsOf(accessToken: string) {
  return call<{ id: string; type: string }[]>('/v1/chat/rooms', undefined, accessToken)
}

async function call<T>(path: string, body: unknown, token?: string): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
  return ((await response.json()) as { data: T }).data
}
