import { and, eq, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { notFound, unauthenticated } from '../../platform/errors.ts'
import { highestRole } from './domain/access.ts'
import type { AskContact, AskProfiles, Contact, Profile, VerifiedCaller, VerifyToken } from './service-schemas.ts'
import { findSessionState } from './session-queries.ts'
import { users } from './tables.ts'

/** @throws Refusal UNAUTHENTICATED for a token that is not good, and for one whose session has ended */
export async function verifyAccessToken(ctx: ServiceContext, { accessToken }: VerifyToken): Promise<VerifiedCaller> {
  const { userId, sessionId } = await ctx.accessTokens.verify(accessToken)
  const state = await findSessionState(ctx.core.db, sessionId, ctx.clock())
  if (state?.userId !== userId) throw unauthenticated('the session has ended')
  const { username, roles, permissions, tier, isEmailVerified, provedAt } = state
  return { userId, sessionId, username, role: highestRole(roles), roles, permissions, tier, isEmailVerified, provedAt }
}

/** In the order of their ids; whoever is not there, or not any more, is left out. */
export function readProfiles(ctx: ServiceContext, { userIds }: AskProfiles): Promise<Profile[]> {
  return ctx.core.db
    .select({
      id: users.id,
      username: users.username,
      firstName: users.firstName,
      lastName: users.lastName,
      avatar: users.avatar,
      version: users.version,
    })
    .from(users)
    .where(
      and(
        sql`${users.id} in (select value from json_each(${JSON.stringify(userIds)}))`,
        sql`${users.deletedAt} is null`,
      ),
    )
    .orderBy(users.id)
}

/** @throws Refusal where there is nobody to write to: unknown, deactivated or gone */
export async function readContact(ctx: ServiceContext, { userId }: AskContact): Promise<Contact> {
  const [contact] = await ctx.core.db
    .select({
      email: users.email,
      isEmailVerified: users.isEmailVerified,
      firstName: users.firstName,
      lastName: users.lastName,
      locale: users.locale,
      timezone: users.timezone,
    })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.isActive, true), sql`${users.deletedAt} is null`))
  if (!contact) throw notFound('User')
  return contact
}
