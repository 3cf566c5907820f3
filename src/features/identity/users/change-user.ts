import type { ServiceContext, SessionState } from '../../../context.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { searchKey } from '../../../platform/text.ts'
import type { Managed } from '../access/access-queries.ts'
import { ownRole, roleSteps } from '../access/change-roles.ts'
import { closeSockets, ownState, stateSteps } from '../access/change-state.ts'
import { raiseVersion, stillHasRole } from '../access/guards.ts'
import { manageUser } from '../access/manage-user.ts'
import { highestRole } from '../domain/access.ts'

import { EmailChanged, VerificationRequested } from '../recovery/events.ts'
import { voidTokens } from '../recovery/use-token.ts'
import { emailTaken } from '../register.ts'
import { sightOf } from './read-users.ts'
import type { PatchedUser } from './schemas.ts'
import type { Sight, StoredUser } from './views.ts'

/** A change of a user. */
export interface UserChange {
  /** @throws Refusal where the person is not as the caller knows them */
  check: (version: number) => void
  /** What they are to be, from what they are. @throws Refusal */
  wish: (current: PatchedUser) => PatchedUser
}

/**
 * Makes a user what is wished, all of it in one batch. A role and whether the account is open are an admin's to change,
 * of somebody else; an address the person changes by its own flow, where it is proved.
 * @throws Refusal 400, 403, 404, 409, 412, 422
 */
export async function changeUser(
  ctx: ServiceContext,
  userId: string,
  { check, wish }: UserChange,
): Promise<{ user: StoredUser; sight: Sight }> {
  const before = ctx.clock()
  const { user, sight, isClosed } = await manageUser(
    ctx,
    userId,
    (person, actor) => {
      check(person.version)
      const current = writableOf(person)
      const wished = wish(current)
      const changed = FIELDS.filter((field) => wished[field] !== current[field])
      demandAllowed(ctx, { actor, userId, changed, wished })
      const found = { user: toStored(person), sight: sightOf(actor, userId), isClosed: false }
      if (changed.length === 0) return { steps: [], answer: found }
      const steps = stepsOf(ctx, { person, actor, changed, wished, before })
      const isClosed = changed.includes('isActive') && !wished.isActive
      return { steps, answer: { ...found, user: changedUser(ctx, person, changed, wished), isClosed } }
    },
    { 'users.email': emailTaken },
  )
  if (isClosed) closeSockets(ctx, userId, before)
  return { user, sight }
}

const FIELDS = ['email', 'firstName', 'lastName', 'phoneNumber', 'role', 'isActive'] as const
type Field = (typeof FIELDS)[number]

function writableOf({ email, firstName, lastName, phoneNumber, isActive, roles }: Managed): PatchedUser {
  return { email, firstName, lastName, phoneNumber, role: highestRole(roles), isActive }
}

interface Asked {
  actor: SessionState
  userId: string
  changed: readonly Field[]
  wished: PatchedUser
}

function demandAllowed(ctx: ServiceContext, { actor, userId, changed, wished }: Asked): void {
  const isSelf = actor.userId === userId
  const reserved = changed.filter((field) => field === 'role' || field === 'isActive')
  if (reserved.length > 0 && !actor.roles.includes('admin')) {
    throw new Refusal('FORBIDDEN', `Only an admin changes ${reserved.join(' and ')}`, {
      fields: reserved.map((field) => ({ field, message: 'Only an admin changes this' })),
    })
  }
  if (isSelf && changed.includes('role')) throw ownRole('role')
  if (isSelf && changed.includes('isActive')) throw ownState('isActive')
  if (!changed.includes('email')) return
  if (isSelf) {
    const message = 'Use POST /v1/auth/change-email: an address is yours once mail to it has reached you'
    throw new Refusal('UNPROCESSABLE', message, { fields: [{ field: 'email', message }] })
  }
  // The first admin's address is kept for them.
  if (wished.email === ctx.settings.BOOTSTRAP_ADMIN_EMAIL) throw emailTaken()
}

interface Decided {
  person: Managed
  actor: SessionState
  changed: readonly Field[]
  wished: PatchedUser
  before: number
}

function stepsOf(ctx: ServiceContext, { person, actor, changed, wished, before }: Decided): Step[] {
  const { id: userId } = person
  const { role, isActive, ...plain } = wished
  const fields = changed.filter((field) => field !== 'role' && field !== 'isActive')
  const isRenamed = fields.includes('firstName') || fields.includes('lastName')
  const { firstName, lastName } = plain
  return [
    ...(fields.length > 0
      ? [ctx.audit('USER_UPDATED', { targetType: 'user', targetId: userId, details: { fields } })]
      : []),
    ...(changed.includes('role') ? roleSteps(ctx, { person, actor }, [role]) : []),
    ...stateSteps(ctx, { person, actor }, { isActive, before }),
    ...(actor.userId === userId ? [] : stillHasRole(ctx, actor, 'admin')),
    ...(fields.includes('email') ? addressSteps(ctx, person, plain.email) : []),
    ...raiseVersion(ctx, userId, person, {
      ...plain,
      isActive,
      ...(isRenamed && { nameKey: searchKey(`${firstName} ${lastName}`), lastNameKey: searchKey(lastName) }),
      ...(fields.includes('email') && { isEmailVerified: false }),
    }),
  ]
}

/** Whoever had the former address hears of it there; links that went to it are void, and the new one is to be verified. */
function addressSteps(ctx: ServiceContext, { id: userId, email: from }: Managed, email: string): Step[] {
  const at = ctx.clock()
  return [
    voidTokens(ctx, userId, ['change-email', 'reset-password', 'verify-email']),
    // Device and place are those of an admin, and nobody's to know.
    ctx.event(EmailChanged, {
      aggregateId: userId,
      sequence: at,
      payload: { userId, from, userAgent: null, place: null },
    }),
    ctx.event(VerificationRequested, { aggregateId: userId, sequence: at, payload: { email } }),
  ]
}

function toStored(person: Managed): StoredUser {
  const { id, email, username, firstName, lastName, phoneNumber, avatar, bio, address, isActive } = person
  const { version, createdAt, updatedAt, roles } = person
  return {
    ...{ id, email, username, firstName, lastName, phoneNumber, avatar, bio, address, isActive },
    ...{ version, createdAt, updatedAt, roles },
  }
}

function changedUser(
  ctx: ServiceContext,
  person: Managed,
  changed: readonly Field[],
  { role, ...plain }: PatchedUser,
): StoredUser {
  return {
    ...toStored(person),
    ...plain,
    roles: changed.includes('role') ? [role] : person.roles,
    version: person.version + 1,
    updatedAt: ctx.clock(),
  }
}
