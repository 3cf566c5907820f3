import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { cursorMeta, cursorQuery } from '../../http/conventions/pagination.ts'
import { cursorPage, Done, envelope, ok } from '../../http/envelope.ts'
import { demandUpgrade } from '../../http/middleware/demand-upgrade.ts'
import { createRoom } from './create-room.ts'
import { ReadPosition } from './message-schemas.ts'
import { openPrivateRoom } from './open-private-room.ts'
import { openRoomSocket } from './open-room-socket.ts'
import { markRead, readPresence, setTyping } from './read-room.ts'
import { findOpenRooms, getRoom, listOwnRooms } from './read-rooms.ts'
import { asking, once, smallBody, telling, tellingBoth } from './route-policies.ts'
import {
  CreateRoomBody,
  OpenPrivateRoomBody,
  OpenRoom,
  ReadBody,
  Room,
  RoomId,
  RoomPresence,
  RoomSocketQuery,
  RoomWithMembers,
  TypingBody,
  UpdateRoomBody,
} from './schemas.ts'
import { updateRoom } from './update-room.ts'

const RoomsQuery = cursorQuery()
const OpenRoomsQuery = cursorQuery().extend({ q: z.string().max(100).optional() })

const done = { success: true } as const

/** Rooms themselves: making, finding, reading them, and being in them. */
export const roomRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List own rooms, newest activity first', {
      ...asking,
      // Of rooms above a hundred members all of the caller's are looked at, two rows each: here twenty. Messages that
      // were deleted before they were read are a row each, too.
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 6, besides: 70 }, rowsWritten: 0, hops: 0, sends: 0 },
      query: RoomsQuery,
      answers: { 200: cursorPage(Room) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await listOwnRooms(c.get('ctx'), query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .post(
    '/',
    contract('Create a group', {
      ...tellingBoth,
      ...once,
      ...smallBody,
      // A hundred people.
      cost: { ...tellingBoth.cost, rowsRead: 650, rowsWritten: 750 },
      json: CreateRoomBody,
      answers: { 201: envelope(Room) },
      made: '/chat/rooms/{id}',
    }),
    async (c) => ok(c, await createRoom(c.get('ctx'), c.req.valid('json')), { status: 201 }),
  )
  .post(
    '/private',
    contract('Open the private room with a person', {
      ...tellingBoth,
      ...smallBody,
      cost: { ...tellingBoth.cost, rowsWritten: 25 },
      idempotency: { key: 'optional', store: 'core' },
      description: 'There is one for each pair: 201 where this call has made it, 200 where it was there.',
      json: OpenPrivateRoomBody,
      answers: { 200: envelope(Room), 201: envelope(Room) },
      made: '/chat/rooms/{id}',
    }),
    async (c) => {
      const { room, created } = await openPrivateRoom(c.get('ctx'), c.req.valid('json').userId)
      return ok(c, room, { status: created ? 201 : 200 })
    },
  )
  .get(
    '/open',
    contract('Find groups that anybody may join, by the beginning of their name', {
      ...asking,
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 1, besides: 25 }, rowsWritten: 0, hops: 0, sends: 0 },
      query: OpenRoomsQuery,
      answers: { 200: cursorPage(OpenRoom) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await findOpenRooms(c.get('ctx'), query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .get(
    '/:id',
    contract('Read a room with its settings and first members', {
      ...asking,
      cost: { ...asking.cost, rowsRead: 130 },
      param: RoomId,
      answers: { 200: envelope(RoomWithMembers) },
    }),
    async (c) => ok(c, await getRoom(c.get('ctx'), c.req.valid('param').id)),
  )
  .patch(
    '/:id',
    contract('Name a room, or change how it goes about its business', {
      ...tellingBoth,
      ...smallBody,
      description: 'Moderators change name, topic and slow mode; who may join, invite and write is for owners.',
      param: RoomId,
      json: UpdateRoomBody,
      answers: { 200: envelope(Room) },
    }),
    async (c) => ok(c, await updateRoom(c.get('ctx'), c.req.valid('param').id, c.req.valid('json'))),
  )
  .post(
    '/:id/read',
    contract('Mark a room as read', {
      ...tellingBoth,
      ...once,
      ...smallBody,
      description: 'Up to a seq, or all there is. What has been read stays read.',
      param: RoomId,
      json: ReadBody,
      answers: { 200: envelope(ReadPosition) },
    }),
    async (c) => ok(c, await markRead(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').seq)),
  )
  .post(
    '/:id/typing',
    contract('Say that one writes, or has stopped', {
      // Nothing is kept of it, so no key is either: said again, it is as if it were said once.
      ...asking,
      ...smallBody,
      description: 'Shown for five seconds to whoever has the room open; in rooms above a hundred members to nobody.',
      param: RoomId,
      json: TypingBody,
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      await setTyping(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').isTyping)
      return ok(c, done)
    },
  )
  .get(
    '/:id/presence',
    contract('Read who is here', {
      ...asking,
      // A hundred people at most, whose going it may have to notice.
      cost: { ...asking.cost, rowsRead: 400, rowsWritten: 101 },
      param: RoomId,
      answers: { 200: envelope(RoomPresence) },
    }),
    async (c) => ok(c, await readPresence(c.get('ctx'), c.req.valid('param').id)),
  )
  .get(
    '/:id/ws',
    contract('Open a room’s socket', {
      ...telling,
      access: 'ticket',
      tag: 'Realtime',
      // Up to 500 events are sent again.
      cost: { trips: 2, sequential: 1, rowsRead: 3_000, rowsWritten: 130, hops: 2, sends: 0 },
      description:
        'An upgrade, with `?ticket=` or a bearer token; `since` replays what came after that seq. Whoever opens it has ' +
        'read the room, unless `reading=false` says that nobody looks at it yet.',
      param: RoomId,
      query: RoomSocketQuery,
      answers: { 101: null },
    }),
    demandUpgrade(),
    (c) => {
      const { since, reading } = c.req.valid('query')
      return openRoomSocket(c.get('ctx'), c.req.valid('param').id, { ticket: c.get('ticket'), since, reading })
    },
  )
