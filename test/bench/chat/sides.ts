import { createHmac } from 'node:crypto'
import { type ChatProtocol, SELVAGE, SOCKET_IO } from '../load/chat-protocols.ts'
import type { System } from '../system.ts'
import { startPeer, temporaryFile } from '../systems/peers.ts'
import type { Runtime } from '../systems/workers.ts'
import type { BenchPerson } from '../world.ts'
import type { ChatSystemName } from './result.ts'

/** A system as the cases of the chat see it. */
export interface Side {
  name: ChatSystemName
  system: System
  protocol: ChatProtocol
  /** What is said in a room so long after the last time is notified at once, and not with what comes next. */
  restMs: number
  /** A room in which these people may talk: the same for the same people. Answers its id. */
  room(people: readonly BenchPerson[]): Promise<string>
  /** As whom somebody comes. */
  tokenOf(person: BenchPerson): string
}

const SECRET = 'a secret of this benchmark alone'
/** So many people one call adds. */
const ADDED_AT_ONCE = 100

export function selvageSide({ selvage }: Runtime): Side {
  return {
    name: 'selvage',
    system: selvage,
    protocol: SELVAGE,
    restMs: 2_500,
    room: onceFor((people) => openGroup(selvage.url, people)),
    tokenOf: ({ token }) => token,
  }
}

export async function socketIoSide(name: ChatSystemName, args: string[]): Promise<Side> {
  const file = temporaryFile(`chat${args.join('')}.db`)
  const system = await startPeer('socket-io/main.js', args, { DATABASE_FILE: file, JWT_SECRET: SECRET })
  let rooms = 0
  return {
    name,
    system,
    protocol: SOCKET_IO,
    restMs: 0,
    room: onceFor(async (people) => {
      const id = `room-${rooms++}`
      const answer = await fetch(`${system.url}/rooms/${id}`, {
        method: 'POST',
        body: JSON.stringify(people.map((person) => person.id)),
      })
      if (!answer.ok) throw new Error(`${id} was not made: ${answer.status}`)
      return id
    }),
    tokenOf: ({ id }) => signJwt(id),
  }
}

function onceFor(make: (people: readonly BenchPerson[]) => Promise<string>): Side['room'] {
  const made = new Map<string, Promise<string>>()
  return (people) => {
    const key = `${people[0]?.id} ${people.at(-1)?.id}`
    const room = made.get(key) ?? make(people)
    made.set(key, room)
    return room
  }
}

/** HS256, as the peer verifies it. */
function signJwt(sub: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1_000) + 3_600
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, exp })}`
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
}

/** A group whose owner, the first of them, has added the others by the API. */
async function openGroup(origin: string, people: readonly BenchPerson[]): Promise<string> {
  const [owner, ...others] = people
  const call = async (path: string, body: object) => {
    const answer = await fetch(`${origin}/v1/chat/rooms${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner?.token}` },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return text === '' ? undefined : (JSON.parse(text) as { data: { id: string } })
  }
  const ids = others.map(({ id }) => id)
  const made = await call('', { name: 'Bench', type: 'group', memberIds: ids.slice(0, ADDED_AT_ONCE) })
  const id = made?.data.id ?? ''
  for (let from = ADDED_AT_ONCE; from < ids.length; from += ADDED_AT_ONCE) {
    await call(`/${id}/members`, { userIds: ids.slice(from, from + ADDED_AT_ONCE) })
  }
  return id
}
