import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from './lib/cli.mjs'
import { DELIVERED_AT, REVIEWS } from './lib/seed-reviews.mjs'
import { CATEGORIES, PRODUCTS } from './lib/seed-shop.mjs'
import { GROUP, PEOPLE, PRIVATE } from './lib/seed-world.mjs'

const PATIENCE_MS = 60_000
/** Mail that goes elsewhere, or is switched off, keeps nobody waiting. */
const MAIL_PATIENCE_MS = 10_000

/**
 * Makes the small world through the API that everybody uses. Every step may be repeated: after a crash the next start
 * goes through all of them again and nothing is there twice.
 * @param {string} baseUrl of a running Worker
 * @param {{ email: string, password: string }} admin
 */
export async function seed(baseUrl, admin) {
  const api = createApi(baseUrl)
  const team = {}
  // One after the other: a password hash is slow on purpose and an isolate makes one at a time.
  for (const person of PEOPLE) team[person.username] = await signUp(api, person)
  for (const { user } of Object.values(team)) if (!user.isEmailVerified) await verify(api, user)
  await seedGroup(api, team)
  await seedPrivateRoom(api, team)
  // Signing in is what makes sure that the printed password opens the door.
  const administrator = await api.post('/v1/auth/login', undefined, admin)
  await seedShop(api, administrator.data.accessToken)
  await seedReviews(api, team)
  for (const { accessToken } of [...Object.values(team), administrator.data]) {
    await api.post('/v1/auth/logout', accessToken)
  }
}

async function signUp(api, { email, password, firstName, lastName, username }) {
  const body = { email, password, firstName, lastName, username }
  const registered = await api.post('/v1/auth/register', undefined, body, { accept: [201, 409] })
  if (registered.status === 201) return registered.data
  const signedIn = await api.post('/v1/auth/login', undefined, { email, password })
  return signedIn.data
}

/** Opens the link that was mailed, as anybody would; the mailbox of a laptop has it a moment after the registration. */
async function verify(api, { email }) {
  const until = Date.now() + MAIL_PATIENCE_MS
  while (Date.now() < until) {
    const { mails = [] } = await api.get(`/dev/mail?to=${encodeURIComponent(email)}`)
    const token = mails.map(({ text }) => /#token=([0-9a-f]{64})/.exec(text)?.[1]).find(Boolean)
    if (token) {
      await api.post('/v1/auth/verify-email', undefined, { token }, { accept: [200, 400] })
      return
    }
    await sleep(100)
  }
  // They can do all the same, and are reminded of it.
}

async function seedGroup(api, team) {
  const token = team[GROUP.createdBy].accessToken
  const memberIds = GROUP.members.map((username) => team[username].user.id)
  const room =
    (await findGroup(api, token)) ??
    (await api.post('/v1/chat/rooms', token, { name: GROUP.name, type: 'group', memberIds })).data
  await say(api, team, room, GROUP)
}

async function findGroup(api, token) {
  let cursor = ''
  do {
    const { data, meta } = await api.get(
      `/v1/chat/rooms?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      token,
    )
    const found = data.find(({ type, name }) => type === 'group' && name === GROUP.name)
    if (found) return found
    cursor = meta.nextCursor
  } while (cursor)
  return undefined
}

async function seedPrivateRoom(api, team) {
  const [one, other] = PRIVATE.between.map((username) => team[username])
  const { data: room } = await api.post('/v1/chat/rooms/private', one.accessToken, { userId: other.user.id })
  await say(api, team, room, PRIVATE)
}

async function say(api, team, room, { messages }) {
  for (const [index, [username, content]] of messages.entries()) {
    const clientMessageId = stableId(`${room.id} ${index}`)
    await api.post(`/v1/chat/rooms/${room.id}/messages`, team[username].accessToken, { content, clientMessageId })
  }
}

async function seedShop(api, token) {
  for (const [slug, name, above] of CATEGORIES) {
    const parentId = (await api.get('/v1/categories')).data.find((category) => category.slug === above)?.id ?? null
    await api.post('/v1/categories', token, { slug, name, parentId }, { accept: [201, 409] })
  }
  const { data: tree } = await api.get('/v1/categories')
  const idOf = (slug) => tree.find((category) => category.slug === slug)?.id ?? null
  const bodies = PRODUCTS.map(({ category, isDraft: _, ...body }) => ({ ...body, categoryId: idOf(category) }))
  // All of them or none: where they are there already, their SKUs are taken.
  await api.post('/v1/products/bulk', token, bodies, { accept: [201, 409] })
  const waiting = new Set(PRODUCTS.flatMap(({ sku, isDraft }) => (isDraft ? [] : [sku])))
  const { data: drafts } = await api.get('/v1/products?state=draft&limit=100', token)
  for (const { id, sku } of drafts) if (waiting.has(sku)) await api.post(`/v1/products/${id}/publish`, token)
}

/** What orders brought to the team, and what they say of it: again, it is there already. */
async function seedReviews(api, team) {
  const { data: products } = await api.get('/v1/products?limit=100')
  for (const [index, [username, sku, rating, text]] of REVIEWS.entries()) {
    const { user, accessToken } = team[username]
    const product = products.find((one) => one.sku === sku)
    if (!product) continue
    const [userId, productIds] = [user.id, [product.id]]
    const delivery = { userId, orderId: stableId(`order ${userId} ${index}`), productIds, deliveredAt: DELIVERED_AT }
    await api.post('/dev/deliveries', undefined, delivery)
    const accept = [201, 409]
    await api.post(`/v1/products/${product.id}/reviews`, accessToken, { rating, text }, { accept })
  }
}

/** The same text always gives the same UUID (version 8), by which the room knows a repeated message. */
function stableId(text) {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

function createApi(baseUrl) {
  async function call(method, path, token, body, { accept } = {}) {
    const headers = { accept: 'application/json' }
    if (token) headers.authorization = `Bearer ${token}`
    if (body) headers['content-type'] = 'application/json'
    const response = await patiently(() =>
      fetch(baseUrl + path, { method, headers, body: body && JSON.stringify(body) }),
    )
    const text = await response.text()
    if (accept ? accept.includes(response.status) : response.ok) {
      return { status: response.status, ...(text && JSON.parse(text)) }
    }
    throw new Refusal(
      `Seeding stopped at ${method} ${path}: ${response.status} ${text.slice(0, 500)}`,
      'The data so far is kept. Start again to go on, `npm start -- --no-seed` to do without, `npm run reset` to start over.',
    )
  }
  return {
    get: (path, token) => call('GET', path, token),
    post: (path, token, body, options) => call('POST', path, token, body, options),
  }
}

/** Waits as the answer asks while the server is busy (503) or limits us (429). */
async function patiently(send) {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const response = await send()
    const isBusy = response.status === 429 || response.status === 503
    if (!isBusy || Date.now() > deadline) return response
    await response.body?.cancel()
    await sleep(1_000 * (Number(response.headers.get('retry-after')) || 1))
  }
}
