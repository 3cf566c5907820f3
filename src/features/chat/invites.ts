import { requireUser, type ServiceContext } from '../../context.ts'
import { HOUR_MS } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { randomToken, sha256Hex } from '../../platform/security/encoding.ts'
import { findPeopleFor } from '../people/index.ts'
import { fetchObjectName } from './queries.ts'
import { askRoom, tellRoom } from './room-object.ts'
import type { CreateInviteBody, Invite, NewInvite } from './schemas.ts'

/** Makes a code that lets people in. It is shown this once. */
export async function createInvite(ctx: ServiceContext, roomId: string, body: CreateInviteBody): Promise<NewInvite> {
  const { userId } = requireUser(ctx)
  const { db } = ctx.core
  const invited = body.userId
  const [objectName, people] = await Promise.all([
    fetchObjectName(db, userId, roomId),
    invited === undefined ? [] : findPeopleFor(db, userId, [invited]),
  ])
  if (invited !== undefined && people.length === 0) throw notFound('User')
  const code = randomToken()
  const invite = await tellRoom(ctx, objectName, 'invite:create', {
    id: ctx.newId(),
    codeHash: await sha256Hex(code),
    expiresAt: ctx.clock() + body.expiresInHours * HOUR_MS,
    maxUses: body.maxUses,
    userId: invited ?? null,
  })
  return { ...invite, code }
}

/** Moderators see all of them, others their own. */
export async function listInvites(ctx: ServiceContext, roomId: string): Promise<Invite[]> {
  const { userId } = requireUser(ctx)
  return askRoom(ctx, await fetchObjectName(ctx.core.db, userId, roomId), userId, { kind: 'invites' })
}

export async function revokeInvite(ctx: ServiceContext, roomId: string, id: string): Promise<void> {
  const objectName = await fetchObjectName(ctx.core.db, requireUser(ctx).userId, roomId)
  await tellRoom(ctx, objectName, 'invite:revoke', { id })
}
