import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { pagedMeta, pagedQuery } from '../../http/conventions/pagination.ts'
import { Done, envelope, numberedPage, ok } from '../../http/envelope.ts'
import { demandUpgrade } from '../../http/middleware/demand-upgrade.ts'
import { openUserSocket } from '../realtime/index.ts'
import { SocketQuery } from '../realtime/schemas.ts'
import { deleteNotification, markAllRead, markRead } from './change-notifications.ts'
import { changeOwnPreferences, readOwnPreferences } from './preferences.ts'
import { countOwnUnread, listOwnNotifications } from './read-notifications.ts'
import { Notification, NotificationId, NotificationPreferences, PreferencesBody, UnreadCount } from './schemas.ts'

const tag = 'Notifications'

/** Only the literal `true` asks for unread ones; anything else is as if it were absent. */
const NotificationsQuery = pagedQuery().safeExtend({ unreadOnly: z.string().max(20).optional() })

const done = { success: true } as const

export const notificationRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List own notifications, newest first', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      // Up to 1,001 rows to count; a page by number passes over those before it, up to 10,000; by cursor over none.
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 2, besides: 11_100 }, rowsWritten: 0, hops: 0, sends: 0 },
      description: 'Of those that are shown in the app. Only the literal `unreadOnly=true` asks for unread ones.',
      query: NotificationsQuery,
      answers: { 200: numberedPage(Notification) },
    }),
    async (c) => {
      const { unreadOnly, ...paging } = c.req.valid('query')
      const page = await listOwnNotifications(c.get('ctx'), { ...paging, unreadOnly: unreadOnly === 'true' })
      return ok(c, page.items, { meta: pagedMeta(page, paging) })
    },
  )
  .get(
    '/unread-count',
    contract('Count own unread notifications', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 1, rowsRead: 1_030, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(UnreadCount) },
    }),
    async (c) => ok(c, await countOwnUnread(c.get('ctx'))),
  )
  .post(
    '/mark-all-read',
    contract('Mark all as read', {
      access: 'user',
      tag,
      limits: [],
      idempotency: { key: 'optional', store: 'activity' },
      cache: 'no-store',
      cost: { trips: 2, sequential: 2, rowsRead: 25, rowsWritten: 5, hops: 0, sends: 0 },
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      return ok(c, await markAllRead(c.get('ctx')))
    },
  )
  .get(
    '/preferences',
    contract('Read how I want to be told', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 1, rowsRead: 25, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(NotificationPreferences) },
    }),
    async (c) => ok(c, await readOwnPreferences(c.get('ctx'))),
  )
  .patch(
    '/preferences',
    contract('Change how I want to be told', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 3, sequential: 2, rowsRead: 25, rowsWritten: 3, hops: 0, sends: 0 },
      description: 'What is not named stays as it is, within a category too.',
      json: PreferencesBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(NotificationPreferences) },
    }),
    async (c) => ok(c, await changeOwnPreferences(c.get('ctx'), c.req.valid('json'))),
  )
  .get(
    '/ws',
    contract('Open the notification socket', {
      access: 'ticket',
      tag: 'Realtime',
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 1, sequential: 1, rowsRead: 60, rowsWritten: 20, hops: 2, sends: 0 },
      description:
        'An upgrade, with `?ticket=` or a bearer token. It brings what happens in all of the caller’s rooms too. ' +
        'A person has 20 of these at most.',
      query: SocketQuery,
      answers: { 101: null },
    }),
    demandUpgrade(),
    (c) => openUserSocket(c.get('ctx'), c.get('ticket')),
  )
  .patch(
    '/:id/read',
    contract('Mark one as read', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 3, sequential: 2, rowsRead: 30, rowsWritten: 3, hops: 0, sends: 0 },
      param: NotificationId,
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      await markRead(c.get('ctx'), c.req.valid('param').id)
      return ok(c, done)
    },
  )
  .delete(
    '/:id',
    contract('Delete a notification', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 2, rowsRead: 30, rowsWritten: 5, hops: 0, sends: 0 },
      param: NotificationId,
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      await deleteNotification(c.get('ctx'), c.req.valid('param').id)
      return ok(c, done)
    },
  )
