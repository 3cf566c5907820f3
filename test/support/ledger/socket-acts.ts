import type { RoomCommandName } from '../../../src/features/chat/commands.ts'
import type { Api } from '../api.ts'
import { makePerson, type TestPerson } from '../people.ts'
import { send } from '../rooms.ts'
import { type LargeRoom, makeLargeRoom } from '../sized-rooms.ts'
import { openRoom, openSocket, type TestSocket } from '../sockets.ts'

interface Scene {
  api: Api
  room: LargeRoom
  /** The owner's, of the room. */
  socket: TestSocket
  /** Somebody who is no member. */
  stranger: TestPerson
}

export interface SocketAct {
  name: string
  members: number
  /** Whose socket it is said on: the room's of its owner or their friend, the owner's own, or a stranger's own. */
  on: 'room' | 'friend' | 'person' | 'stranger'
  event: string
  /** Makes what it needs, and answers what is said. */
  data: (scene: Scene) => Promise<object>
}

const message = async ({ api, room }: Scene): Promise<{ messageId: string }> => {
  const { body } = await send(api, room.owner, room.id, 'before')
  return { messageId: body.data.id }
}
const member = async ({ room }: Scene): Promise<{ userId: string }> => ({ userId: room.memberIds.at(-1) ?? '' })
const nothing = async (): Promise<object> => ({})
/** What was done before, over the socket too. */
const after =
  (event: RoomCommandName, make: (scene: Scene) => Promise<object>, then = make) =>
  async (scene: Scene): Promise<object> => {
    const data = await make(scene)
    scene.socket.send(event, data, 'before')
    await scene.socket.ack('before')
    return then === make ? data : then(scene)
  }

const COMMANDS: Record<RoomCommandName, SocketAct['data']> = {
  'message:send': async () => ({ type: 'text', content: 'good morning' }),
  'message:edit': async (scene) => ({ ...(await message(scene)), content: 'good evening' }),
  'message:delete': message,
  'message:pin': message,
  'message:unpin': after('message:pin', message),
  'message:read': async (scene) => {
    await message(scene)
    return {}
  },
  'reaction:add': async (scene) => ({ ...(await message(scene)), emoji: '👍' }),
  'reaction:remove': after('reaction:add', async (scene) => ({ ...(await message(scene)), emoji: '👍' })),
  'room:join': nothing,
  'room:leave': nothing,
  'room:notify': async () => ({ notify: 'mentions' }),
  'member:remove': member,
  'member:role': async (scene) => ({ ...(await member(scene)), role: 'moderator' }),
  'member:mute': async (scene) => ({ ...(await member(scene)), minutes: 5 }),
  'member:unmute': after('member:mute', async (scene) => ({ ...(await member(scene)), minutes: 5 }), member),
  'member:ban': member,
  'member:unban': after('member:ban', member),
}

/** A room's own socket is a member's, and its only owner may not leave. */
const SAID_ON: Partial<Record<RoomCommandName, SocketAct['on']>> = { 'room:join': 'stranger', 'room:leave': 'friend' }
const OF_ROOMS = ['typing:start', 'typing:stop', 'reading:start', 'reading:stop']
const ROOM_SIZES = [2, 10, 50, 100, 1_000]
const USUAL_SIZE = 10

/** Every event that a client may send. */
export const SOCKET_ACTS: readonly SocketAct[] = [
  ...ROOM_SIZES.map((members) => act('message:send', 'room', members)),
  act('message:send', 'person'),
  ...(Object.keys(COMMANDS) as RoomCommandName[])
    .filter((event) => event !== 'message:send')
    .map((event) => act(event, SAID_ON[event] ?? 'room')),
  ...OF_ROOMS.map((event) => act(event, 'room')),
]

function act(event: string, on: SocketAct['on'], members = USUAL_SIZE): SocketAct {
  const where = on === 'room' || on === 'friend' ? '' : ', on a socket of one’s own'
  const data = Object.hasOwn(COMMANDS, event) ? COMMANDS[event as RoomCommandName] : nothing
  return { name: `socket ${event}, room of ${members.toLocaleString('en')}${where}`, members, on, event, data }
}

export interface Prepared {
  /** On which it is said. */
  socket: TestSocket
  said: object
  close: () => void
}

/** A room that two have before them while everybody else is away, and what somebody is about to say there. */
export async function prepareAct(api: Api, { members, on, data }: SocketAct): Promise<Prepared> {
  const room = await makeLargeRoom(api, { members, sockets: 0, subscribers: 0 })
  const stranger = await makePerson(api.isolate)
  const [owners, friends] = [await openRoom(api, room.owner, room.id), await openRoom(api, room.friend, room.id)]
  const isOwn = on === 'person' || on === 'stranger'
  const own = isOwn ? await openSocket(api, on === 'person' ? room.owner : stranger, '/v1/notifications/ws') : undefined
  const said = await data({ api, room, socket: owners, stranger })
  return {
    socket: own ?? (on === 'friend' ? friends : owners),
    said: isOwn ? { ...said, roomId: room.id } : said,
    close: () => {
      for (const socket of [owners, friends, own]) socket?.close()
    },
  }
}
