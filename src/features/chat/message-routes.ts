import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { cursorMeta, cursorQuery, pagedMeta, pagedQuery } from '../../http/conventions/pagination.ts'
import { cursorPage, Done, envelope, numberedPage, ok } from '../../http/envelope.ts'
import { wholeNumber } from '../../platform/text.ts'
import { deleteMessage, editMessage, setPin, setReaction } from './change-message.ts'
import { findMessage } from './find-message.ts'
import { EditMessageBody, Emoji, Message, Reactor, SendMessageBody } from './message-schemas.ts'
import { readHistory } from './read-history.ts'
import { readPins, readReactors, readThread, searchMessages } from './read-room.ts'
import { asking, listingMessages, mentioning, messageBody, once, telling } from './route-policies.ts'
import { RoomAndMessageId, RoomId, SearchQuery } from './schemas.ts'
import { sendMessage } from './send-message.ts'

const HISTORY_LIMIT = 50
const MOST_PINS = 50

const ONE_PLACE = 'Use one of page, cursor, before and after'
const Seq = wholeNumber.meta({ 'x-rule': ONE_PLACE })
const HistoryQuery = pagedQuery(HISTORY_LIMIT)
  .safeExtend({ before: Seq.optional(), after: Seq.optional() })
  .refine(
    ({ page, cursor, before, after }) => [page, cursor, before, after].filter((it) => it !== undefined).length <= 1,
    { path: ['before'], error: ONE_PLACE },
  )
const ThreadQuery = cursorQuery(HISTORY_LIMIT)
const ReactorsQuery = cursorQuery(HISTORY_LIMIT)
const ReactionParam = RoomAndMessageId.extend({ emoji: Emoji })

const done = { success: true } as const

/** What is said in a room. */
export const messageRoutes = new Hono<AppEnv>()
  .get(
    '/:id/messages',
    contract('Read a room’s history', {
      ...listingMessages,
      // A page by number passes over those before it, up to 10,000.
      cost: { ...asking.cost, rowsRead: { perItem: 6, besides: 10_035 } },
      description:
        'Each page reads from old to new. The first is the newest, its cursor leads to older ones; `before` and ' +
        '`after` begin at a seq, and `after` leads to newer ones.',
      param: RoomId,
      query: HistoryQuery,
      answers: { 200: numberedPage(Message) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await readHistory(c.get('ctx'), c.req.valid('param').id, query)
      return ok(c, page.items, { meta: pagedMeta(page, query) })
    },
  )
  .post(
    '/:id/messages',
    contract('Send a message', {
      ...mentioning,
      ...once,
      ...messageBody,
      description: 'With a `clientMessageId` it may be sent again: 200 and the same message.',
      param: RoomId,
      json: SendMessageBody,
      answers: { 200: envelope(Message), 201: envelope(Message) },
      made: '/chat/rooms/{path.id}/messages/{id}',
    }),
    async (c) => {
      const { message, isNew } = await sendMessage(c.get('ctx'), c.req.valid('param').id, c.req.valid('json'))
      return ok(c, message, { status: isNew ? 201 : 200 })
    },
  )
  .get(
    '/:id/search',
    contract('Search a room’s messages', {
      ...asking,
      // Texts of two characters are looked for in the newest 2,000 messages. What the index lacks, which is what the
      // last two seconds have brought, comes in first: two rows read and one written each, here for a thousand.
      limits: [{ policy: 'data' }],
      cost: { ...asking.cost, rowsRead: { perItem: 9, besides: 4_050 }, rowsWritten: 1_050 },
      description:
        'A part of the text, whatever its case. Newest first, fifty at most. Deleted messages are not found.',
      param: RoomId,
      query: SearchQuery,
      answers: { 200: envelope(z.array(Message)) },
    }),
    async (c) => ok(c, await searchMessages(c.get('ctx'), c.req.valid('param').id, c.req.valid('query').q)),
  )
  .get(
    '/:id/pins',
    contract('List pinned messages, the newest pin first', {
      ...listingMessages,
      param: RoomId,
      answers: { 200: envelope(z.array(Message)) },
    }),
    async (c) => ok(c, await readPins(c.get('ctx'), c.req.valid('param').id, MOST_PINS)),
  )
  .get(
    '/:id/messages/:messageId',
    contract('Read a message', { ...asking, param: RoomAndMessageId, answers: { 200: envelope(Message) } }),
    async (c) => {
      const { id, messageId } = c.req.valid('param')
      return ok(c, await findMessage(c.get('ctx'), id, messageId))
    },
  )
  .patch(
    '/:id/messages/:messageId',
    contract('Edit one’s own message', {
      ...mentioning,
      ...messageBody,
      param: RoomAndMessageId,
      json: EditMessageBody,
      answers: { 200: envelope(Message) },
    }),
    async (c) => {
      const { id, messageId } = c.req.valid('param')
      return ok(c, await editMessage(c.get('ctx'), id, { messageId, ...c.req.valid('json') }))
    },
  )
  .delete(
    '/:id/messages/:messageId',
    contract('Delete a message', {
      ...mentioning,
      description: 'By its author, a moderator of the room, or whoever holds `delete:content`.',
      param: RoomAndMessageId,
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      const { id, messageId } = c.req.valid('param')
      await deleteMessage(c.get('ctx'), id, messageId)
      return ok(c, done)
    },
  )
  .get(
    '/:id/messages/:messageId/thread',
    contract('Read the thread that began with a message', {
      ...listingMessages,
      description: 'Oldest first: an answer never stands before what it answers.',
      param: RoomAndMessageId,
      query: ThreadQuery,
      answers: { 200: cursorPage(Message) },
    }),
    async (c) => {
      const { id, messageId } = c.req.valid('param')
      const query = c.req.valid('query')
      const page = await readThread(c.get('ctx'), id, messageId, query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .get(
    '/:id/messages/:messageId/reactions',
    contract('List who has reacted to a message', {
      ...asking,
      cost: { ...asking.cost, rowsRead: { perItem: 2, besides: 35 } },
      param: RoomAndMessageId,
      query: ReactorsQuery,
      answers: { 200: cursorPage(Reactor) },
    }),
    async (c) => {
      const { id, messageId } = c.req.valid('param')
      const query = c.req.valid('query')
      const page = await readReactors(c.get('ctx'), id, messageId, query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .put(
    '/:id/messages/:messageId/reactions/:emoji',
    contract('React to a message', { ...telling, param: ReactionParam, answers: { 200: envelope(Message) } }),
    async (c) => {
      const { id, messageId, emoji } = c.req.valid('param')
      return ok(c, await setReaction(c.get('ctx'), id, { messageId, emoji }, true))
    },
  )
  .delete(
    '/:id/messages/:messageId/reactions/:emoji',
    contract('Take a reaction back', { ...telling, param: ReactionParam, answers: { 200: envelope(Message) } }),
    async (c) => {
      const { id, messageId, emoji } = c.req.valid('param')
      return ok(c, await setReaction(c.get('ctx'), id, { messageId, emoji }, false))
    },
  )
  .put(
    '/:id/messages/:messageId/pin',
    contract('Pin a message', {
      ...telling,
      // The others are counted, up to fifty.
      cost: { ...telling.cost, rowsRead: 100 },
      description: 'By moderators, in a private room by either.',
      param: RoomAndMessageId,
      answers: { 200: envelope(Message) },
    }),
    async (c) => {
      const { id, messageId } = c.req.valid('param')
      return ok(c, await setPin(c.get('ctx'), id, messageId, true))
    },
  )
  .delete(
    '/:id/messages/:messageId/pin',
    contract('Unpin a message', { ...telling, param: RoomAndMessageId, answers: { 200: envelope(Message) } }),
    async (c) => {
      const { id, messageId } = c.req.valid('param')
      return ok(c, await setPin(c.get('ctx'), id, messageId, false))
    },
  )
