import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { AlreadyHandled } from '../../platform/db/commit.ts'
import { effectId } from '../../platform/ids.ts'
import { isActionUrl } from './domain/action-url.ts'
import { type Category, channelsFor, DEFAULT_PREFERENCES, type Preferences } from './domain/preferences.ts'
import { findPreferences } from './preferences.ts'
import { findStored, type Row, readAllAt, toNotification } from './queries.ts'
import type { Notification } from './schemas.ts'
import { notifications } from './tables.ts'

export interface NewNotification {
  userId: string
  title: string
  message: string
  category: Category
  /** `info` unless something else is said. */
  type?: Notification['type']
  data?: Record<string, string>
  /** A path of ours, or an https address. */
  actionUrl?: string
}

export interface CreateOptions {
  /**
   * The UUIDv7 of what caused it, an event's for one: the same cause notifies a person once in each category, however
   * often this is called. Without it every call makes new ones.
   */
  causeId?: string
}

/** Rows of one statement, all in one JSON parameter. */
const ROWS_A_STATEMENT = 500
/** People whose sockets are told at the same time. */
const TOLD_AT_ONCE = 50

/** @see createNotifications */
export async function createNotification(
  ctx: ServiceContext,
  wanted: NewNotification,
  options: CreateOptions = {},
): Promise<Notification> {
  const [created] = await createNotifications(ctx, [wanted], options)
  if (!created) throw new Error('A notification was asked for and none was made')
  return created
}

/** The same for many people, each of them once. @see createNotifications */
export async function notifyUsers(
  ctx: ServiceContext,
  userIds: readonly string[],
  payload: Omit<NewNotification, 'userId'>,
  options: CreateOptions = {},
): Promise<Notification[]> {
  const people = [...new Set(userIds)]
  return createNotifications(
    ctx,
    people.map((userId) => ({ ...payload, userId })),
    options,
  )
}

/**
 * Makes notifications, each with the channels that its own person wants, and shows those that are wanted in the app on
 * their sockets. One read and one commit to the activity database, which carries the mark of a subscriber that is
 * `once: { by: 'batch', store: 'activity' }`: give such a one the event's id as `causeId`, so that a second delivery
 * shows what the first had stored and perhaps not shown. A thousand people a call are enough, as each may cost a call
 * to an object: who has more splits them on the lane `bulk`.
 *
 * Answers them in the order of what is asked for, as they are stored. Throws where somebody's object cannot be told,
 * after all others were: by then all of it is stored.
 */
export async function createNotifications(
  ctx: ServiceContext,
  wanted: readonly NewNotification[],
  { causeId }: CreateOptions = {},
): Promise<Notification[]> {
  if (wanted.length === 0) return []
  const ids = await Promise.all(
    wanted.map(({ userId, category }) => (causeId ? effectId(causeId, `${userId} ${category}`) : ctx.newId())),
  )
  const { preferencesOf, stored } = await readBefore(ctx, wanted, causeId ? ids : [])
  const now = ctx.clock()
  const rows = wanted.map((one, i) => stored.get(ids[i] ?? '') ?? makeRow(ids[i] ?? '', one, preferencesOf, now))
  const fresh = rows.filter(({ id }) => !stored.has(id))
  const isStored = fresh.length === 0 || (await storeRows(ctx, fresh))
  await show(
    ctx,
    rows.filter(({ id }) => isStored || stored.has(id)),
  )
  return rows.map(toNotification)
}

type PreferencesOf = (userId: string) => Preferences

/** Everybody's preferences, and what an earlier call of the same cause has stored: one trip. */
async function readBefore(
  { activity: { db } }: ServiceContext,
  wanted: readonly NewNotification[],
  ids: readonly string[],
): Promise<{ preferencesOf: PreferencesOf; stored: Map<string, Row> }> {
  const userIds = [...new Set(wanted.map(({ userId }) => userId))]
  const [preferences, rows] = await db.batch([findPreferences(db, userIds), findStored(db, ids)])
  const byUser = new Map(preferences.map((row) => [row.userId, row]))
  return {
    preferencesOf: (userId) => byUser.get(userId) ?? DEFAULT_PREFERENCES,
    stored: new Map(rows.map((row) => [row.id, row])),
  }
}

function makeRow(id: string, wanted: NewNotification, preferencesOf: PreferencesOf, now: number): Row {
  const { userId, title, message, category, type = 'info', data = null, actionUrl = null } = wanted
  if (actionUrl !== null && !isActionUrl(actionUrl))
    throw new Error(`Not a path of ours or an https address: ${actionUrl}`)
  return {
    id,
    userId,
    title,
    message,
    type,
    category,
    data,
    actionUrl,
    groupKey: null,
    count: 1,
    version: 1,
    readAt: null,
    channels: channelsFor(preferencesOf(userId), category),
    sent: false,
    createdAt: now,
    updatedAt: now,
  }
}

/** False where the message that is being handled was handled before: then nothing is stored again. */
async function storeRows(ctx: ServiceContext, rows: readonly Row[]): Promise<boolean> {
  const statements = chunksOf(rows, ROWS_A_STATEMENT).map(
    (chunk) => sql`
      insert into ${notifications}
        (id, user_id, title, message, type, category, data, action_url, channels, created_at, updated_at)
      select value ->> 'id', value ->> 'userId', value ->> 'title', value ->> 'message', value ->> 'type',
        value ->> 'category', value ->> 'data', value ->> 'actionUrl', value ->> 'channels', value ->> 'createdAt',
        max(value ->> 'updatedAt', 1 + ${readAllAt(sql`value ->> 'userId'`)})
      from json_each(${JSON.stringify(chunk)})
      where true
      on conflict (id) do nothing
    `,
  )
  try {
    await ctx.activity.commit(statements, { repeatable: true })
    return true
  } catch (error) {
    if (error instanceof AlreadyHandled) return false
    throw error
  }
}

/** On the sockets of whom they are for, where they are wanted in the app and not read yet. */
async function show(ctx: ServiceContext, rows: readonly Row[]): Promise<void> {
  const shown = rows.filter(({ channels, readAt }) => channels.includes('in-app') && readAt === null)
  const failures: unknown[] = []
  for (const chunk of chunksOf(shown, TOLD_AT_ONCE)) {
    const told = await Promise.allSettled(chunk.map((row) => ctx.userSocket(row.userId).notify(toNotification(row))))
    for (const one of told) if (one.status === 'rejected') failures.push(one.reason)
  }
  if (failures.length > 0) throw failures[0]
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}
