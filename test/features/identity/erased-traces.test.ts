import { introspectWorkflowInstance } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it, onTestFinished, vi } from 'vitest'
import whatStays from '../../../docs/account-deletion.md?raw'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Room } from '../../../src/features/chat/schemas.ts'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { grant } from '../../support/access-examples.ts'
import { createApi } from '../../support/api.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { type RoomStub, settle, sqlOf } from '../../support/membership.ts'
import { makePerson } from '../../support/people.ts'
import { makeDelivered } from '../../support/review-examples.ts'
import { send } from '../../support/rooms.ts'
import { shiftTime } from '../../support/shifted-time.ts'
import { openSocket } from '../../support/sockets.ts'
import { dumpDatabases, dumpObject, placesOf } from '../../support/traces.ts'

const api = createApi()
const queues = holdQueues()

const ANN = {
  ...{ email: 'ann.quokkason@people.test', password: 'Correct-Horse-1' },
  ...{ username: 'quokka_ann', firstName: 'Annabellina', lastName: 'Quokkason' },
}
const NEW_ADDRESS = 'ann@zephyrine.test'
const FROM_HOME = { 'user-agent': 'Quokkabrowser/7', 'cf-connecting-ip': '192.0.2.77' }
const atHome = { headers: FROM_HOME }
const AVATAR = 'https://images.test/quokka.jpg'
const PROFILE = { bio: 'Knits for quolls', phone: '+99 555 0177', address: '7 Numbat Lane' }
const WORDS = [
  ...Object.values(PROFILE),
  ...[AVATAR, ANN.email, NEW_ADDRESS, ANN.username, ANN.firstName, ANN.lastName],
  // Of an address masked, of a device and of where it was.
  ...['a***@', FROM_HOME['user-agent'], FROM_HOME['cf-connecting-ip']],
]

/** The places that the document names, as `placesOf` writes them. */
const KEPT = [...whatStays.matchAll(/`((?:core|activity|catalog|group|pair|socket)\.\w+\.\w+(?: of [\w.]+)?)`/g)]
  .map(([, place = '']) => place)
  .toSorted()

it('after an erasure address, names and devices stand where the document says, and nowhere else', async () => {
  const [bob, cleo, admin] = await Promise.all([
    makePerson(api.isolate),
    makePerson(api.isolate),
    makePerson(api.isolate, { role: 'admin' }),
  ])
  const registered = await api.post<SignedIn & { refreshToken: string }>('/v1/auth/register', ANN, atHome)
  const { user, accessToken, refreshToken } = registered.body.data
  await env.DB.prepare('update users set is_email_verified = 1 where id = ?').bind(user.id).run()
  for (const permission of ['create:product', 'delete:product']) await grant(user.id, permission)
  const ann = api.as({ accessToken })
  const [asBob, asAdmin] = [api.as(bob), api.as(admin)]
  const once = () => ({ headers: { ...FROM_HOME, 'idempotency-key': newId() } })
  const done: unknown[] = []
  const did = <T>({ status, body }: { status: number; body: { data: T } }): T => {
    done.push(status >= 300 ? JSON.stringify(body) : status)
    return body.data
  }

  const groupOfHers = { type: 'group', name: 'Quilts', memberIds: [bob.id, cleo.id] }
  const group = did(await ann.post<Room>('/v1/chat/rooms', groupOfHers, once()))
  const pair = did(await asBob.post<Room>('/v1/chat/rooms/private', { userId: user.id }, once()))
  const rooms = await Promise.all([roomOf(group.id), roomOf(pair.id)])
  await queues.deliver()
  await openSocket(api, { ...bob, accessToken }, '/v1/notifications/ws')
  // Each room relays to it, under the name of whom it is.
  for (const room of rooms) {
    const subscribers = () => sqlOf(room, 'select username from subscribers')
    await vi.waitFor(async () => expect(await subscribers()).toEqual([{ username: ANN.username }]), { timeout: 8_000 })
  }

  const hers = did(await ann.post<Message>(`/v1/chat/rooms/${group.id}/messages`, { content: 'Mine' }, once()))
  const his = did(await send(api, bob, group.id, `Hello @${ANN.username}`))
  did(await ann.post(`/v1/chat/rooms/${pair.id}/messages`, { content: 'To you alone' }))
  did(await ann.patch(`/v1/chat/rooms/${group.id}/members/${cleo.id}`, { role: 'moderator' }))
  did(
    await ann.post(
      `/v1/chat/rooms/${group.id}/messages/${his.id}/reports`,
      { category: 'spam', note: `For ${ANN.firstName}` },
      once(),
    ),
  )
  did(await asBob.post(`/v1/chat/rooms/${group.id}/messages/${hers.id}/reports`, { category: 'spam' }, once()))
  did(await asBob.request('PUT', `/v1/people/${user.id}/block`))
  did(
    await ann.post(
      '/v1/auth/api-keys',
      { name: `Laptop of ${ANN.firstName}`, scopes: ['read'], expiresInDays: 9 },
      atHome,
    ),
  )
  did(await api.post('/v1/auth/forgot-password', { email: ANN.email }, atHome))
  did(await ann.patch(`/v2/users/${user.id}/profile`, PROFILE, atHome))
  did(await ann.post('/v1/auth/change-email', { newEmail: NEW_ADDRESS }, atHome))
  did(await asAdmin.patch(`/v1/users/${user.id}/tier`, { tier: 'premium', reason: `${ANN.firstName} asked for it` }))
  const { id } = did(await ann.post<{ id: string }>('/v1/products', { name: 'Quilt', sku: 'Q-1', price: 100 }, once()))
  const deleted = await ann.delete(`/v1/products/${id}`, { headers: { ...FROM_HOME, 'if-match': '*' } })
  expect(deleted.status).toBe(204)
  const bought = await makeDelivered(user)
  did(await ann.post(`/v1/products/${bought}/reviews`, { rating: 5, text: 'Warm' }, once()))
  did(await ann.patch(`/v2/users/${user.id}/profile`, { avatar: AVATAR }, atHome))
  expect(done.filter((status) => typeof status === 'string')).toEqual([])
  await queues.deliver()

  const sessions = env.USER_SESSIONS.getByName(user.id)
  did(await api.post('/v1/auth/refresh', { refreshToken }, atHome))
  expect(placesOf([await dumpObject('sessions', sessions)], WORDS)).toEqual([
    'sessions.renewals.ip',
    'sessions.renewals.user_agent',
  ])

  const erasure = await introspectWorkflowInstance(env.ERASE_ACCOUNT, user.id)
  onTestFinished(() => erasure.dispose())
  await erasure.modify((m) => m.disableSleeps())
  expect((await ann.delete('/v1/auth/me')).status).toBe(202)
  await queues.deliver()
  await erasure.waitForStatus('complete')
  const time = shiftTime()
  onTestFinished(() => time.stop())
  for (const room of rooms) await settle(queues, room, time)

  const dumps = await Promise.all([
    dumpObject('group', rooms[0]),
    dumpObject('pair', rooms[1]),
    ...[user.id, bob.id].map((id) => dumpObject('socket', env.USER_SOCKET.getByName(id))),
    dumpObject('sessions', sessions),
  ])
  const places = placesOf([...(await dumpDatabases()), ...dumps], WORDS)
  expect(places).toEqual(KEPT)
})

async function roomOf(roomId: string): Promise<RoomStub> {
  const named = env.DB.prepare('select object_name from rooms where id = ?').bind(roomId)
  return env.CHAT_ROOM.getByName((await named.first<string>('object_name')) ?? '')
}
