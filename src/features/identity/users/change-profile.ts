import type { ServiceContext } from '../../../context.ts'
import { notFound } from '../../../platform/errors.ts'
import { searchKey } from '../../../platform/text.ts'
import { raiseVersion, stillHasRole } from '../access/guards.ts'
import { manageUser } from '../access/manage-user.ts'

import { UserUpdated } from '../events.ts'
import { findStoredUser } from './queries.ts'
import type { PatchedProfile } from './schemas.ts'
import type { StoredUser } from './views.ts'

export interface ProfileChange {
  /** @throws Refusal where the person is not as the caller knows them */
  check: (version: number) => void
  /** @throws Refusal */
  wish: (current: PatchedProfile) => PatchedProfile
}

/** Changes what somebody shows of themselves: they do, or an admin. @throws Refusal 404, 412, and of the wish */
export function changeProfile(
  ctx: ServiceContext,
  userId: string,
  { check, wish }: ProfileChange,
): Promise<StoredUser> {
  return manageUser(ctx, userId, async (person, actor) => {
    check(person.version)
    const current = profileOf(person)
    const wished = wish(current)
    const fields = FIELDS.filter((field) => wished[field] !== current[field])
    if (fields.length === 0) return { steps: [], answer: asStored(person, current) }
    const { phone: phoneNumber, ...plain } = wished
    const { firstName, lastName } = plain
    const version = person.version + 1
    const { username } = person
    const { avatar } = wished
    const steps = [
      ctx.audit('USER_UPDATED', { targetType: 'user', targetId: userId, details: { fields } }),
      ...(actor.userId === userId ? [] : stillHasRole(ctx, actor, 'admin')),
      ...raiseVersion(ctx, userId, person, {
        ...plain,
        phoneNumber,
        nameKey: searchKey(`${firstName} ${lastName}`),
        lastNameKey: searchKey(lastName),
      }),
      ...(fields.includes('avatar')
        ? [
            ctx.event(UserUpdated, {
              aggregateId: userId,
              sequence: version,
              payload: { userId, username, avatar, version },
            }),
          ]
        : []),
    ]
    return { steps, answer: { ...asStored(person, wished), version, updatedAt: ctx.clock() } }
  })
}

/** @throws Refusal 404 that names the id */
export async function readProfile(ctx: ServiceContext, userId: string): Promise<StoredUser> {
  const user = await findStoredUser(ctx.core.db, userId)
  if (!user) throw notFound(`User ${userId}`)
  return user
}

const FIELDS = ['firstName', 'lastName', 'bio', 'avatar', 'phone', 'address'] as const

type Person = Omit<StoredUser, 'roles'> & { roles: readonly string[] }

function profileOf({ firstName, lastName, bio, avatar, phoneNumber: phone, address }: Person): PatchedProfile {
  return { firstName, lastName, bio, avatar, phone, address }
}

function asStored(person: Person, { phone: phoneNumber, ...plain }: PatchedProfile): StoredUser {
  const { id, email, username, isActive, version, createdAt, updatedAt, roles } = person
  return { ...{ id, email, username, isActive, version, createdAt, updatedAt, roles }, ...plain, phoneNumber }
}
