import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clone, freePort, makeClone, type Program } from '../support/node/clone.ts'

const EXAMPLE = resolve('docs/examples/chat.mjs')

let clone: Clone
let port: number

beforeAll(async () => {
  clone = await makeClone()
  port = await freePort()
})

afterAll(() => clone.remove())

async function startServer(): Promise<Program> {
  const server = clone.run('scripts/start.mjs', '--port', String(port))
  await server.saying('Selvage is ready')
  return server
}

const timesIn = (program: Program, text: string) => program.output().split(text).length - 1

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
    const first = await startServer()
    const people = [...first.output().matchAll(/^ {2}(\S+@\S+) +(\S+)/gm)].filter(
      ([, email]) => !email?.startsWith('admin'),
    )
    const join = ([, email = '', password = '']: RegExpMatchArray) =>
      clone.run(EXAMPLE, `http://localhost:${port}`, email, password, room)
    const room = await groupOf(people[0])
    const [one, other] = [people[0], people[1]].map((person) => join(person as RegExpMatchArray)) as [Program, Program]
    await Promise.all([one.saying('connected'), other.saying('connected')])
    one.write('before the crash')
    await Promise.all([one.saying(': before the crash'), other.saying(': before the crash')])

    await clone.killWorker()
    one.write('while it was down')
    one.write('and this one too')
    await startServer()
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

/** The seeded group, to which they all belong. */
async function groupOf(person: RegExpMatchArray | undefined): Promise<string> {
  const [, email, password] = person ?? []
  const { accessToken } = await call<{ accessToken: string }>('/v1/auth/login', { email, password })
  const rooms = await call<{ id: string; type: string }[]>('/v1/chat/rooms', undefined, accessToken)
  return rooms.find(({ type }) => type === 'group')?.id ?? ''
}

async function call<T>(path: string, body: unknown, token?: string): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const response = await fetch(`http://localhost:${port}${path}`, init)
  return ((await response.json()) as { data: T }).data
}
