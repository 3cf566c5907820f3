import { and, asc, eq, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import type { TimePlace } from '../../../platform/cursor.ts'
import { expectChanged, GuardFailed, type Step } from '../../../platform/db/commit.ts'
import { outbox } from '../../../platform/db/platform-tables.ts'
import type { Db } from '../../../platform/db/store.ts'
import { composeMail } from '../../../platform/mail/compose.ts'
import { resourcePermissions, userPermissions } from '../access/tables.ts'
import { apiKeys } from '../api-keys/tables.ts'
import { tombstoneOf } from '../domain/deleted-user.ts'
import { backupCodes, secondStepTries, totpSecrets } from '../mfa/tables.ts'
import { NO_PASSWORD } from '../new-password.ts'
import { passkeys } from '../passkeys/tables.ts'
import { linkedIdentities } from '../providers/tables.ts'
import { mailedTokens } from '../recovery/tables.ts'
import { sessions, userRoles, users } from '../tables.ts'

/** What of identity belongs to one user, but for their sessions and the row that says who they were. */
const OWNED = [
  passkeys,
  apiKeys,
  linkedIdentities,
  totpSecrets,
  secondStepTries,
  backupCodes,
  mailedTokens,
  userPermissions,
  resourcePermissions,
  userRoles,
] as const

/** Of the users row around it. Who did it stands in the trail. */
const isOwnWish = sql<number>`not exists (
  select 1 from audit where audit.target_type = 'user' and audit.target_id = users.id
    and audit.action = 'ACCOUNT_DELETED' and audit.actor_id <> users.id)`.as('is_own_wish')

/**
 * The last mail to somebody who has given up their account: while their address is still known.
 * @throws MailNotTaken or Outage where it does not go out now
 */
export async function bidFarewell(ctx: ServiceContext, userId: string): Promise<void> {
  const [person] = await ctx.core.db
    .select({ email: users.email, firstName: users.firstName, lastName: users.lastName, isOwnWish })
    .from(users)
    .where(and(eq(users.id, userId), isNotNull(users.deletedAt), ne(users.email, tombstoneOf(userId))))
  if (!person) return
  const { APP_NAME: appName } = ctx.settings
  const mail = composeMail(
    { address: person.email, name: `${person.firstName} ${person.lastName}` },
    {
      subject: `Your ${appName} account is being deleted`,
      heading: 'Your account is being deleted',
      name: person.firstName,
      paragraphs: [
        `${person.isOwnWish ? 'You have asked us to delete your account.' : 'An admin has decided to delete your account.'} ` +
          'You are signed out everywhere, and what we keep of you is being erased.',
        'Messages that you wrote stay in their conversations, without your name.',
      ],
      notes: ['This cannot be undone. It is the last mail that you get from us.'],
    },
    { appName },
  )
  await ctx.mailer.send(mail, `account-deleted:${userId}`)
}

/**
 * Takes away by what its holder could sign in, what they were allowed, and who they were. The row stays, as others'
 * data names its id; its address and username are anybody's again. Again, it takes what has come meanwhile.
 */
export async function eraseAccount({ core, clock }: ServiceContext, userId: string): Promise<void> {
  const { db } = core
  const now = clock()
  const tombstone = tombstoneOf(userId)
  await core.commit(
    [
      eraseEvents(db, userId),
      // Their two indexes are partial: each serves only what names its condition.
      ...[isNull, isNotNull].map((isSo) =>
        db.delete(sessions).where(and(eq(sessions.userId, userId), isSo(sessions.revokedAt))),
      ),
      ...OWNED.map((table) => db.delete(table).where(eq(table.userId, userId))),
      // What others may do with them.
      db
        .delete(resourcePermissions)
        .where(and(eq(resourcePermissions.resource, 'user'), eq(resourcePermissions.resourceId, userId))),
      db
        .update(users)
        .set({
          ...{
            email: tombstone,
            username: tombstone,
            firstName: 'Deleted',
            lastName: 'user',
            passwordHash: NO_PASSWORD,
          },
          ...{ nameKey: '', lastNameKey: '', avatar: null, phoneNumber: null, bio: null, address: null },
          ...{ timezone: 'UTC', locale: 'en', tier: 'free' },
          ...{ isActive: false, isDiscoverable: false, isEmailVerified: false },
          ...{ mfaEnabledAt: null, passwordChangedAt: null, lastLoginAt: null },
          ...{ version: sql`${users.version} + 1`, updatedAt: now },
        })
        .where(and(eq(users.id, userId), isNotNull(users.deletedAt), ne(users.email, tombstone))),
    ],
    { repeatable: true },
  )
}

/**
 * Their address in events that were sent. It comes before the address itself is erased, which finds what was asked for in
 * nobody's name; the few events that name one are looked through whole.
 */
function eraseEvents(db: Db, userId: string): Step {
  return db.delete(outbox).where(
    sql`is_personal = 1 and sent_at is not null and (payload ->> 'userId' = ${userId}
      or payload ->> 'email' = (select users.email from users where users.id = ${userId}))`,
  )
}

/** All is gone, everywhere: noted once. */
export async function finishErasure(ctx: ServiceContext, userId: string): Promise<void> {
  const steps = [
    ctx.core.db
      .update(users)
      .set({ erasedAt: ctx.clock() })
      .where(and(eq(users.id, userId), isNotNull(users.deletedAt), isNull(users.erasedAt))),
    expectChanged('user:erased'),
    ctx.audit('ACCOUNT_ERASED', { targetType: 'user', targetId: userId }),
  ]
  try {
    await ctx.core.commit(steps)
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error
  }
}

/** Whose account was given up before that time, and is not erased yet: so many after that place, oldest first. */
export async function listUnerased(
  db: Db,
  before: number,
  after: TimePlace | undefined,
  limit: number,
): Promise<{ id: string; place: TimePlace }[]> {
  const rows = await db
    .select({ id: users.id, deletedAt: sql<number>`${users.deletedAt}` })
    .from(users)
    .where(
      and(
        isNull(users.erasedAt),
        isNotNull(users.deletedAt),
        lt(users.deletedAt, before),
        after && sql`(${users.deletedAt}, ${users.id}) > (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(asc(users.deletedAt), asc(users.id))
    .limit(limit)
  return rows.map(({ id, deletedAt }) => ({ id, place: [deletedAt, id] }))
}
