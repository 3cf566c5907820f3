import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { cursorMeta, cursorQuery } from '../../http/conventions/pagination.ts'
import { cursorPage, Done, envelope, ok } from '../../http/envelope.ts'
import { addMembers, dismissMember, joinRoom, leaveRoom, setNotify, setRole, tellOfMember } from './change-members.ts'
import { createInvite, listInvites, revokeInvite } from './invites.ts'
import { listBans, listMembers, previewRoom } from './read-room.ts'
import { asking, listing, once, smallBody, telling, tellingBoth } from './route-policies.ts'
import {
  AddMembersBody,
  Ban,
  BanBody,
  CreateInviteBody,
  Invite,
  JoinBody,
  MuteBody,
  NewInvite,
  NotifyBody,
  OwnMembership,
  RoomAndInviteId,
  RoomAndUserId,
  RoomId,
  RoomMember,
  RoomPreview,
  SetRoleBody,
} from './schemas.ts'

const MembersQuery = cursorQuery(50)
const BansQuery = cursorQuery(50)

const done = { success: true } as const
const doneAnswer = { 200: envelope(Done) } as const

/** Who belongs to a room, and who decides about that. */
export const memberRoutes = new Hono<AppEnv>()
  .post(
    '/:id/join',
    contract('Join a room', {
      ...tellingBoth,
      ...once,
      ...smallBody,
      // Once in its life a room becomes a large one: then the rows of its hundred members change.
      cost: { ...tellingBoth.cost, rowsRead: 350, rowsWritten: 220 },
      description: 'An open one, or with an invite. Joining again changes nothing.',
      param: RoomId,
      json: JoinBody,
      answers: doneAnswer,
    }),
    async (c) => {
      await joinRoom(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').invite)
      return ok(c, done)
    },
  )
  .post(
    '/:id/preview',
    contract('See a room before joining it', {
      ...asking,
      ...smallBody,
      description:
        'For whoever may join: an open one, with an invite, or invited by name. Refused as joining is, and using nothing up.',
      param: RoomId,
      json: JoinBody,
      answers: { 200: envelope(RoomPreview) },
    }),
    async (c) => ok(c, await previewRoom(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').invite)),
  )
  .post(
    '/:id/leave',
    contract('Leave a room', {
      ...tellingBoth,
      ...once,
      description: 'Not a private one. The last owner makes somebody else one first, unless nobody is left.',
      param: RoomId,
      answers: doneAnswer,
    }),
    async (c) => {
      await leaveRoom(c.get('ctx'), c.req.valid('param').id)
      return ok(c, done)
    },
  )
  .patch(
    '/:id/me',
    contract('Say what of this room one wants to be told', {
      ...telling,
      ...smallBody,
      param: RoomId,
      json: NotifyBody,
      answers: { 200: envelope(OwnMembership) },
    }),
    async (c) => ok(c, await setNotify(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').notify)),
  )
  .get(
    '/:id/members',
    contract('List members, in the order in which they joined', {
      ...listing,
      param: RoomId,
      query: MembersQuery,
      answers: { 200: cursorPage(RoomMember) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await listMembers(c.get('ctx'), c.req.valid('param').id, query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .post(
    '/:id/members',
    contract('Add people to a room', {
      ...tellingBoth,
      ...once,
      ...smallBody,
      // A hundred people, by whom the room becomes a large one.
      cost: { ...tellingBoth.cost, rowsRead: 950, rowsWritten: 1_020 },
      param: RoomId,
      json: AddMembersBody,
      answers: doneAnswer,
    }),
    async (c) => {
      await addMembers(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').userIds)
      return ok(c, done)
    },
  )
  .patch(
    '/:id/members/:userId',
    contract('Give a member a role', {
      ...tellingBoth,
      ...smallBody,
      description: 'Owners do; one owner stays.',
      param: RoomAndUserId,
      json: SetRoleBody,
      answers: { 200: envelope(RoomMember) },
    }),
    async (c) => {
      const { id, userId } = c.req.valid('param')
      return ok(c, await setRole(c.get('ctx'), id, { userId, role: c.req.valid('json').role }))
    },
  )
  .delete(
    '/:id/members/:userId',
    contract('Remove a member', {
      ...tellingBoth,
      description: 'By whoever outranks them; by themselves it is leaving.',
      param: RoomAndUserId,
      answers: doneAnswer,
    }),
    async (c) => {
      const { id, userId } = c.req.valid('param')
      await dismissMember(c.get('ctx'), id, 'member:remove', { userId })
      return ok(c, done)
    },
  )
  .put(
    '/:id/members/:userId/mute',
    contract('Mute a member for some time', {
      ...telling,
      ...smallBody,
      description: 'They read, and do not write, react or pin.',
      param: RoomAndUserId,
      json: MuteBody,
      answers: { 200: envelope(RoomMember) },
    }),
    async (c) => {
      const { id, userId } = c.req.valid('param')
      return ok(c, await tellOfMember(c.get('ctx'), id, 'member:mute', { userId, ...c.req.valid('json') }))
    },
  )
  .delete(
    '/:id/members/:userId/mute',
    contract('Let a member write again', {
      ...telling,
      param: RoomAndUserId,
      answers: { 200: envelope(RoomMember) },
    }),
    async (c) => {
      const { id, userId } = c.req.valid('param')
      return ok(c, await tellOfMember(c.get('ctx'), id, 'member:unmute', { userId }))
    },
  )
  .get(
    '/:id/bans',
    contract('List who is banned', {
      ...listing,
      description: 'For moderators.',
      param: RoomId,
      query: BansQuery,
      answers: { 200: cursorPage(Ban) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await listBans(c.get('ctx'), c.req.valid('param').id, query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .put(
    '/:id/bans/:userId',
    contract('Ban somebody', {
      ...tellingBoth,
      ...smallBody,
      description: 'A member is removed; who has left cannot come back.',
      param: RoomAndUserId,
      json: BanBody,
      answers: doneAnswer,
    }),
    async (c) => {
      const { id, userId } = c.req.valid('param')
      await dismissMember(c.get('ctx'), id, 'member:ban', { userId, ...c.req.valid('json') })
      return ok(c, done)
    },
  )
  .delete(
    '/:id/bans/:userId',
    contract('Lift a ban', { ...telling, param: RoomAndUserId, answers: doneAnswer }),
    async (c) => {
      const { id, userId } = c.req.valid('param')
      await tellOfMember(c.get('ctx'), id, 'member:unban', { userId })
      return ok(c, done)
    },
  )
  .get(
    '/:id/invites',
    contract('List invitations that can be used', {
      ...listing,
      description: 'Moderators see all of them, others their own. The codes are shown to nobody again.',
      param: RoomId,
      answers: { 200: envelope(z.array(Invite)) },
    }),
    async (c) => ok(c, await listInvites(c.get('ctx'), c.req.valid('param').id)),
  )
  .post(
    '/:id/invites',
    contract('Invite people', {
      // No key: the code would have to be kept for its repeats.
      ...telling,
      ...smallBody,
      // Up to fifty are counted, and dropped where they have expired.
      cost: { ...telling.cost, rowsRead: 140, rowsWritten: 160 },
      description:
        'Makes a code that is shown this once. One for a person is of use to nobody else; they are told, and join without it.',
      param: RoomId,
      json: CreateInviteBody,
      answers: { 201: envelope(NewInvite) },
      made: '/chat/rooms/{path.id}/invites/{id}',
    }),
    async (c) => {
      return ok(c, await createInvite(c.get('ctx'), c.req.valid('param').id, c.req.valid('json')), { status: 201 })
    },
  )
  .delete(
    '/:id/invites/:inviteId',
    contract('Revoke an invitation', {
      ...telling,
      param: RoomAndInviteId,
      answers: doneAnswer,
    }),
    async (c) => {
      const { id, inviteId } = c.req.valid('param')
      await revokeInvite(c.get('ctx'), id, inviteId)
      return ok(c, done)
    },
  )
