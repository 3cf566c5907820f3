import type { CreateInviteBody, CreateRoomBody, RoomMember, UpdateRoomBody } from '../api-types.ts'
import type { Call } from '../call.ts'
import { type CallSettings, dataOf, done, onePage, type PageRequest, pageOf, removed } from './shared.ts'

/** A group; the one type that is made by name. */
export type NewGroup = Omit<CreateRoomBody, 'type'>

const ROOM = '/v1/chat/rooms/{id}'
const MEMBER = '/v1/chat/rooms/{id}/members/{userId}'

export function roomCalls(call: Call) {
  return {
    /** One's own, the newest activity first. */
    list: (page: PageRequest = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/chat/rooms', { query: { ...page }, ...settings })),
    get: (id: string, settings?: CallSettings) => dataOf(call('GET', ROOM, { params: { id }, ...settings })),
    create: (body: NewGroup, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/chat/rooms', { body: { ...body, type: 'group' }, ...settings })),
    /** The room of two: made when there is none. */
    openPrivate: (userId: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/chat/rooms/private', { body: { userId }, ...settings })),
    /** Groups that anybody may join, by the beginning of their name. */
    findOpen: (query: PageRequest & { q?: string | undefined } = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/chat/rooms/open', { query: { ...query }, ...settings })),
    update: (id: string, body: UpdateRoomBody, settings?: CallSettings) =>
      dataOf(call('PATCH', ROOM, { params: { id }, body, ...settings })),
    /** Up to a seq, or all there is. What has been read stays read. */
    markRead: (id: string, seq?: number, settings?: CallSettings) =>
      dataOf(call('POST', `${ROOM}/read`, { params: { id }, body: seq === undefined ? {} : { seq }, ...settings })),
    presence: (id: string, settings?: CallSettings) =>
      dataOf(call('GET', `${ROOM}/presence`, { params: { id }, ...settings })),
    /** What somebody who may join sees of it before they do; refused as joining would be. */
    preview: (id: string, invite?: string, settings?: CallSettings) =>
      dataOf(call('POST', `${ROOM}/preview`, { params: { id }, body: invite ? { invite } : {}, ...settings })),
    join: (id: string, invite?: string, settings?: CallSettings) =>
      done(call('POST', `${ROOM}/join`, { params: { id }, body: invite ? { invite } : {}, ...settings })),
    leave: (id: string, settings?: CallSettings) =>
      done(call('POST', `${ROOM}/leave`, { params: { id }, ...settings })),
    /** What of the room one wants to be told. */
    notify: (id: string, notify: 'all' | 'mentions' | 'none', settings?: CallSettings) =>
      dataOf(call('PATCH', `${ROOM}/me`, { params: { id }, body: { notify }, ...settings })),
    ...memberCalls(call),
    ...doorCalls(call),
  }
}

function memberCalls(call: Call) {
  return {
    /** In the order in which they joined. */
    members: (id: string, page: PageRequest = {}, settings?: CallSettings) =>
      pageOf(call('GET', `${ROOM}/members`, { params: { id }, query: { ...page }, ...settings })),
    addMembers: (id: string, userIds: string[], settings?: CallSettings) =>
      done(call('POST', `${ROOM}/members`, { params: { id }, body: { userIds }, ...settings })),
    setRole: (id: string, userId: string, role: RoomMember['role'], settings?: CallSettings) =>
      dataOf(call('PATCH', MEMBER, { params: { id, userId }, body: { role }, ...settings })),
    removeMember: (id: string, userId: string, settings?: CallSettings) =>
      removed(call('DELETE', MEMBER, { params: { id, userId }, ...settings })),
    mute: (id: string, userId: string, minutes: number, settings?: CallSettings) =>
      dataOf(call('PUT', `${MEMBER}/mute`, { params: { id, userId }, body: { minutes }, ...settings })),
    unmute: (id: string, userId: string, settings?: CallSettings) =>
      dataOf(call('DELETE', `${MEMBER}/mute`, { params: { id, userId }, ...settings })),
  }
}

/** Who may come in, and who may not. */
function doorCalls(call: Call) {
  return {
    bans: (id: string, page: PageRequest = {}, settings?: CallSettings) =>
      pageOf(call('GET', `${ROOM}/bans`, { params: { id }, query: { ...page }, ...settings })),
    ban: (id: string, userId: string, reason?: string, settings?: CallSettings) =>
      done(
        call('PUT', `${ROOM}/bans/{userId}`, { params: { id, userId }, body: reason ? { reason } : {}, ...settings }),
      ),
    unban: (id: string, userId: string, settings?: CallSettings) =>
      removed(call('DELETE', `${ROOM}/bans/{userId}`, { params: { id, userId }, ...settings })),
    /** All that can be used: always one page. */
    invites: (id: string, _page: PageRequest = {}, settings?: CallSettings) =>
      onePage(call('GET', `${ROOM}/invites`, { params: { id }, ...settings })),
    /** The code is in the answer, and nowhere after that. */
    invite: (id: string, body: CreateInviteBody = {}, settings?: CallSettings) =>
      dataOf(call('POST', `${ROOM}/invites`, { params: { id }, body, ...settings })),
    revokeInvite: (id: string, inviteId: string, settings?: CallSettings) =>
      removed(call('DELETE', `${ROOM}/invites/{inviteId}`, { params: { id, inviteId }, ...settings })),
  }
}
