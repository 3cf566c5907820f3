import { MAX_MENTIONS } from '../../src/features/chat/domain/room-rules.ts'
import type { Message } from '../../src/features/chat/message-schemas.ts'
import type { Invite, NewInvite, Room } from '../../src/features/chat/schemas.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Api } from './api.ts'
import type { Example, World } from './examples.ts'
import { crowdName, makeCrowd, makePerson, type TestPerson } from './people.ts'
import { send } from './rooms.ts'

type Make = (world: World) => Example | Promise<Example>

export const THUMB = encodeURIComponent('👍')
/** As many as a room may have before it becomes a large one, without its owner. */
const ALMOST_LARGE = 99
/** As many as one request may name. */
const MOST_AT_ONCE = 100

const rooms = '/v1/chat/rooms'
const reason = 'because of a test'

/** How the routes of rooms are called rightly, and so that they have as much to do as they may. */
export const CHAT_EXAMPLES: Record<string, Make> = {
  'GET /v1/chat/rooms': () => ({ path: `${rooms}?limit=10` }),
  'POST /v1/chat/rooms': async () => ({
    path: rooms,
    body: { type: 'group', memberIds: await makeCrowd(MOST_AT_ONCE), name: 'Weavers' },
  }),
  'POST /v1/chat/rooms/private': async ({ api, stranger }) => ({
    path: `${rooms}/private`,
    body: { userId: (await makePerson(api.isolate)).id },
    other: { userId: stranger.id },
  }),
  'GET /v1/chat/rooms/open': () => ({ path: `${rooms}/open?q=room&limit=10` }),
  'GET /v1/chat/rooms/:id': inGroup(''),
  'PATCH /v1/chat/rooms/:id': inGroup('', () => ({ name: `Weavers ${newId()}`, topic: 'Looms', joinPolicy: 'open' })),
  'POST /v1/chat/rooms/:id/read': async ({ api, friend, groupId }) => ({
    path: `${rooms}/${groupId}/read`,
    body: { seq: (await send(api, friend, groupId, 'do you read')).body.data.seq },
    other: {},
  }),
  'POST /v1/chat/rooms/:id/typing': ({ roomId }) => ({ path: `${rooms}/${roomId}/typing`, body: { isTyping: true } }),
  'GET /v1/chat/rooms/:id/presence': inGroup('/presence'),
  'GET /v1/chat/rooms/:id/ws': ({ groupId }) => ({
    path: `${rooms}/${groupId}/ws`,
    headers: { upgrade: 'websocket' },
  }),

  'GET /v1/chat/rooms/:id/messages': inGroup('/messages?limit=10'),
  'POST /v1/chat/rooms/:id/messages': async (world) => ({
    path: `${rooms}/${world.groupId}/messages`,
    body: { clientMessageId: newId(), replyTo: world.messageId, content: `hello ${await makeMentions(world)}` },
  }),
  'GET /v1/chat/rooms/:id/search': inGroup('/search?q=the'),
  'GET /v1/chat/rooms/:id/pins': inGroup('/pins'),
  'GET /v1/chat/rooms/:id/messages/:messageId': onFirstMessage(''),
  'PATCH /v1/chat/rooms/:id/messages/:messageId': async (world) => ({
    ...(await onOwnMessage('')(world)),
    body: { content: `and ${await makeMentions(world)}` },
  }),
  'DELETE /v1/chat/rooms/:id/messages/:messageId': onOwnMessage(''),
  'GET /v1/chat/rooms/:id/messages/:messageId/thread': onFirstMessage('/thread?limit=10'),
  'GET /v1/chat/rooms/:id/messages/:messageId/reactions': onFirstMessage('/reactions?limit=10'),
  'PUT /v1/chat/rooms/:id/messages/:messageId/reactions/:emoji': onOwnMessage(`/reactions/${THUMB}`),
  'DELETE /v1/chat/rooms/:id/messages/:messageId/reactions/:emoji': onOwnMessage(
    `/reactions/${THUMB}`,
    undefined,
    'PUT',
  ),
  'PUT /v1/chat/rooms/:id/messages/:messageId/pin': onOwnMessage('/pin'),
  'DELETE /v1/chat/rooms/:id/messages/:messageId/pin': onOwnMessage('/pin', undefined, 'PUT'),
  'POST /v1/chat/rooms/:id/messages/:messageId/reports': async ({ api, friend, roomId }) => ({
    path: `${rooms}/${roomId}/messages/${(await send(api, friend, roomId, 'buy now')).body.data.id}/reports`,
    body: { category: 'spam', note: 'once more' },
  }),

  'POST /v1/chat/rooms/:id/join': async ({ api, friend }) => ({
    path: `${rooms}/${await makeGroup(api, friend, { joinPolicy: 'open', memberIds: await makeCrowd(ALMOST_LARGE) })}/join`,
    body: {},
    other: { invite: 'an-invite-of-somebody' },
  }),
  'POST /v1/chat/rooms/:id/preview': async ({ api, friend }) => ({
    path: `${rooms}/${await makeGroup(api, friend, { joinPolicy: 'open', memberIds: [] })}/preview`,
    body: {},
  }),
  'POST /v1/chat/rooms/:id/leave': async ({ api, owner, friend }) => ({
    path: `${rooms}/${await makeGroup(api, friend, { memberIds: [owner.id] })}/leave`,
  }),
  'PATCH /v1/chat/rooms/:id/me': inGroup('/me', () => ({ notify: 'mentions' })),
  'GET /v1/chat/rooms/:id/members': inGroup('/members?limit=10'),
  'POST /v1/chat/rooms/:id/members': async ({ api, owner }) => ({
    path: `${rooms}/${await makeGroup(api, owner, { memberIds: await makeCrowd(ALMOST_LARGE) })}/members`,
    body: { userIds: await makeCrowd(MOST_AT_ONCE) },
    other: { userIds: await makeCrowd(1) },
  }),
  'PATCH /v1/chat/rooms/:id/members/:userId': onMember('members', '', () => ({ role: 'moderator' })),
  'DELETE /v1/chat/rooms/:id/members/:userId': onMember('members', ''),
  'PUT /v1/chat/rooms/:id/members/:userId/mute': onMember('members', '/mute', () => ({ minutes: 5 })),
  'DELETE /v1/chat/rooms/:id/members/:userId/mute': onMember('members', '/mute', undefined, { minutes: 5 }),
  'GET /v1/chat/rooms/:id/bans': inGroup('/bans?limit=10'),
  'PUT /v1/chat/rooms/:id/bans/:userId': onMember('bans', '', () => ({ reason })),
  'DELETE /v1/chat/rooms/:id/bans/:userId': onMember('bans', '', undefined, {}),
  'GET /v1/chat/rooms/:id/invites': inGroup('/invites'),
  'POST /v1/chat/rooms/:id/invites': async ({ api, groupId }) => ({
    path: `${rooms}/${groupId}/invites`,
    body: { userId: (await makePerson(api.isolate)).id, expiresInHours: 1 },
  }),
  'DELETE /v1/chat/rooms/:id/invites/:inviteId': async ({ api, owner, groupId }) => {
    const { body } = await api.as(owner).post<NewInvite>(`${rooms}/${groupId}/invites`, {})
    return { path: `${rooms}/${groupId}/invites/${(body.data satisfies Invite).id}` }
  },
}

/** Answers its id. */
export async function makeGroup(
  api: Api,
  owner: TestPerson,
  more: { memberIds: string[]; joinPolicy?: Room['joinPolicy'] },
): Promise<string> {
  const { body } = await api.as(owner).post<Room>(rooms, { type: 'group', name: 'Weavers', ...more })
  return body.data.id
}

function inGroup(rest: string, body?: (world: World) => unknown): Make {
  return (world) => ({ path: `${rooms}/${world.groupId}${rest}`, ...bodyOf(world, body) })
}

function onFirstMessage(rest: string): Make {
  return ({ groupId, messageId }) => ({ path: `${rooms}/${groupId}/messages/${messageId}${rest}` })
}

/** On a message of the owner's own; `before` is the method of what was done there first. */
function onOwnMessage(rest: string, body?: (world: World) => unknown, before?: string): Make {
  return async (world) => {
    const { api, owner, friend, groupId, messageId } = world
    const { body: sent } = await api.as(owner).post<Message>(`${rooms}/${groupId}/messages`, {
      content: `the answer, @${friend.username}`,
      replyTo: messageId,
    })
    const path = `${rooms}/${groupId}/messages/${sent.data.id}${rest}`
    if (before !== undefined) await api.as(owner).request(before, path)
    return { path, ...bodyOf(world, body) }
  }
}

/** On somebody who has just joined; `before` is the body of the PUT that was done there first. */
function onMember(list: string, rest: string, body?: (world: World) => unknown, before?: object): Make {
  return async (world) => {
    const { api, owner, groupId } = world
    const { id } = await makePerson(api.isolate)
    await api.as(owner).post(`${rooms}/${groupId}/members`, { userIds: [id] })
    const path = `${rooms}/${groupId}/${list}/${id}${rest}`
    if (before !== undefined) await api.as(owner).request('PUT', path, { body: before })
    return { path, ...bodyOf(world, body) }
  }
}

/** As many as one message may have. */
async function makeMentions({ api, owner, groupId }: World): Promise<string> {
  const userIds = await makeCrowd(MAX_MENTIONS)
  await api.as(owner).post(`${rooms}/${groupId}/members`, { userIds })
  return userIds.map((id) => `@${crowdName(id)}`).join(' ')
}

function bodyOf(world: World, body: ((world: World) => unknown) | undefined): Pick<Example, 'body'> {
  return body ? { body: body(world) } : {}
}
