import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { cursorMeta, cursorQuery } from '../../http/conventions/pagination.ts'
import { cursorPage, envelope, ok } from '../../http/envelope.ts'
import { demandUpgrade } from '../../http/middleware/demand-upgrade.ts'
import { createRoom } from './create-room.ts'
import { openPrivateRoom } from './open-private-room.ts'
import { openRoomSocket } from './open-room-socket.ts'
import { readHistory } from './read-history.ts'
import { getRoom, listOwnRooms } from './read-rooms.ts'
import {
  CreateRoomBody,
  Message,
  OpenPrivateRoomBody,
  Room,
  RoomId,
  RoomSocketQuery,
  RoomWithMembers,
  SendMessageBody,
} from './schemas.ts'
import { sendMessage } from './send-message.ts'

const tag = 'Chat'
const HISTORY_LIMIT = 50

const RoomsQuery = cursorQuery()
const HistoryQuery = cursorQuery(HISTORY_LIMIT)

export const chatRoutes = new Hono<AppEnv>()
  .get(
    '/rooms',
    contract('List own rooms, newest activity first', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 3, besides: 25 }, rowsWritten: 0, hops: 0, sends: 0 },
      query: RoomsQuery,
      answers: { 200: cursorPage(Room) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await listOwnRooms(c.var.ctx, query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .post(
    '/rooms',
    contract('Create a group', {
      access: 'user',
      tag,
      limits: [],
      idempotency: { key: 'optional', store: 'object' },
      cache: 'no-store',
      cost: { trips: 4, sequential: 2, rowsRead: 50, rowsWritten: 20, hops: 1, sends: 0 },
      bodyLimit: SMALL_BODY,
      json: CreateRoomBody,
      answers: { 201: envelope(Room) },
    }),
    async (c) => ok(c, await createRoom(c.var.ctx, c.req.valid('json')), { status: 201 }),
  )
  .post(
    '/rooms/private',
    contract('Open the private room with a person', {
      access: 'user',
      tag,
      limits: [],
      idempotency: { key: 'optional', store: 'core' },
      cache: 'no-store',
      cost: { trips: 4, sequential: 2, rowsRead: 50, rowsWritten: 20, hops: 1, sends: 0 },
      bodyLimit: SMALL_BODY,
      description: 'There is one for each pair: 201 where this call has made it, 200 where it was there.',
      json: OpenPrivateRoomBody,
      answers: { 200: envelope(Room), 201: envelope(Room) },
    }),
    async (c) => {
      const { room, created } = await openPrivateRoom(c.var.ctx, c.req.valid('json').userId)
      return ok(c, room, { status: created ? 201 : 200 })
    },
  )
  .get(
    '/rooms/:id',
    contract('Read a room with its members', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 1, rowsRead: 30, rowsWritten: 0, hops: 1, sends: 0 },
      param: RoomId,
      answers: { 200: envelope(RoomWithMembers) },
    }),
    async (c) => ok(c, await getRoom(c.var.ctx, c.req.valid('param').id)),
  )
  .get(
    '/rooms/:id/messages',
    contract('Read a room’s history', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 2, besides: 30 }, rowsWritten: 0, hops: 1, sends: 0 },
      description: 'Each page reads from old to new; the first one is the newest, its cursor leads to older ones.',
      param: RoomId,
      query: HistoryQuery,
      answers: { 200: cursorPage(Message) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await readHistory(c.var.ctx, c.req.valid('param').id, query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .post(
    '/rooms/:id/messages',
    contract('Send a message', {
      access: 'user',
      tag,
      limits: [],
      idempotency: { key: 'optional', store: 'object' },
      cache: 'no-store',
      cost: { trips: 2, sequential: 1, rowsRead: 40, rowsWritten: 8, hops: 1, sends: 0 },
      bodyLimit: 64 * 1024,
      description: 'With a `clientMessageId` it may be sent again: 200 and the same message.',
      param: RoomId,
      json: SendMessageBody,
      answers: { 200: envelope(Message), 201: envelope(Message) },
    }),
    async (c) => {
      const { message, isNew } = await sendMessage(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))
      return ok(c, message, { status: isNew ? 201 : 200 })
    },
  )
  .get(
    '/rooms/:id/ws',
    contract('Open a room’s socket', {
      access: 'ticket',
      tag: 'Realtime',
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 1, rowsRead: 60, rowsWritten: 20, hops: 2, sends: 0 },
      description: 'An upgrade, with `?ticket=` or a bearer token; `since` replays what came after that seq.',
      param: RoomId,
      query: RoomSocketQuery,
      answers: { 101: null },
    }),
    demandUpgrade(),
    (c) => {
      const { since } = c.req.valid('query')
      return openRoomSocket(c.var.ctx, c.req.valid('param').id, { ticket: c.var.ticket, since })
    },
  )
