import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createApi } from '../support/api.ts'
import { callAs, type Example, exampleOf, makeWorld, routesOf, type Who, type World } from '../support/examples.ts'

const WHO: Who[] = ['anonymous', 'stranger', 'owner', 'moderator', 'admin']

const everybody = [2, 2, 2, 2, 2]
/**
 * Their examples bring a person of their own, so whoever stands here, it is that person who calls. What others are
 * answered is in test/http/own-account.test.ts; API keys are in test/features/identity/api-keys.test.ts.
 */
const own = [2, 2, 2, 2, 2]
const anyUser = [401, 2, 2, 2, 2]
const onlyOwner = [401, 404, 2, 404, 404]
const ownerOrAdmin = [401, 404, 2, 404, 2]
const onlyAdmin = [401, 403, 403, 403, 2]
const staff = [401, 403, 403, 2, 2]

/** Rows of routes that two versions have alike. */
function ofBoth(rows: Record<string, readonly number[]>): Record<string, readonly number[]> {
  const named = Object.entries(rows).flatMap(([route, row]) =>
    ['/v1', '/v2'].map((version) => [route.replace(' ', ` ${version}`), row] as const),
  )
  return Object.fromEntries(named)
}

/** What each may do, in the order of `WHO`: a 2 is any success. A route that is not here fails. */
const MATRIX: Record<string, readonly number[]> = {
  'POST /v1/auth/register': everybody,
  'POST /v1/auth/login': everybody,
  'GET /v1/auth/captcha': everybody,
  'POST /v1/auth/refresh': everybody,
  // These two are always called by the device that they sign out.
  'POST /v1/auth/logout': own,
  'POST /v1/auth/logout-all': own,
  'POST /v1/auth/logout-others': own,
  'GET /v1/auth/me': anyUser,
  'DELETE /v1/auth/me': own,
  'GET /v1/auth/providers': everybody,
  'GET /v1/auth/providers/linked': anyUser,
  'POST /v1/auth/providers/:provider/begin': everybody,
  'POST /v1/auth/providers/finish': everybody,
  // Always called by somebody new, whose address is verified, and who has just signed in.
  'POST /v1/auth/providers/:provider/begin-link': own,
  'POST /v1/auth/providers/finish-link': own,
  'DELETE /v1/auth/providers/:provider/link': own,
  'POST /v1/auth/forgot-password': everybody,
  'GET /v1/auth/reset-password/validate': everybody,
  'POST /v1/auth/reset-password/validate': everybody,
  'POST /v1/auth/reset-password': everybody,
  'POST /v1/auth/verify-email': everybody,
  'POST /v1/auth/verify-email/validate': everybody,
  'POST /v1/auth/resend-verification': everybody,
  'GET /v1/auth/check-verification': anyUser,
  // Always called by somebody of its own, whose password it changes.
  'POST /v1/auth/change-password': own,
  'POST /v1/auth/change-email': anyUser,
  'GET /v1/auth/sessions': anyUser,
  'DELETE /v1/auth/sessions/:id': onlyOwner,
  'GET /v1/auth/mfa': anyUser,
  'POST /v1/auth/mfa/setup': anyUser,
  // These four are always called by somebody who has switched two-step sign-in on, or is about to.
  'POST /v1/auth/mfa/enable': own,
  'POST /v1/auth/mfa/disable': own,
  'POST /v1/auth/mfa/backup-codes/regenerate': own,
  'POST /v1/auth/step-up': own,
  'POST /v1/auth/mfa/verify': everybody,
  'POST /v1/auth/mfa/backup-code': everybody,
  'GET /v1/auth/passkeys': anyUser,
  'POST /v1/auth/passkeys/options': anyUser,
  // Always called by the person to whom the challenge was given.
  'POST /v1/auth/passkeys': own,
  'POST /v1/auth/passkeys/sign-in/options': everybody,
  'POST /v1/auth/passkeys/sign-in': everybody,
  'POST /v1/auth/passkeys/second-step/options': everybody,
  'POST /v1/auth/passkeys/second-step': everybody,
  // Always called by one who has a passkey.
  'POST /v1/auth/passkeys/step-up/options': own,
  'PATCH /v1/auth/passkeys/:id': onlyOwner,
  // Always called by its owner.
  'DELETE /v1/auth/passkeys/:id': own,
  'GET /v1/auth/api-keys': anyUser,
  'POST /v1/auth/api-keys': anyUser,
  'PATCH /v1/auth/api-keys/:id': onlyOwner,
  'DELETE /v1/auth/api-keys/:id': onlyOwner,
  'GET /v1/people': anyUser,
  'GET /v1/people/blocked': anyUser,
  'PUT /v1/people/:id/block': anyUser,
  'DELETE /v1/people/:id/block': anyUser,
  'GET /v1/chat/rooms': anyUser,
  'POST /v1/chat/rooms': anyUser,
  'POST /v1/chat/rooms/private': anyUser,
  'GET /v1/chat/rooms/open': anyUser,
  'GET /v1/chat/rooms/:id': onlyOwner,
  'PATCH /v1/chat/rooms/:id': onlyOwner,
  'POST /v1/chat/rooms/:id/read': onlyOwner,
  'POST /v1/chat/rooms/:id/typing': onlyOwner,
  'GET /v1/chat/rooms/:id/presence': onlyOwner,
  'GET /v1/chat/rooms/:id/ws': [401, 404, 1, 404, 404],
  'GET /v1/chat/rooms/:id/messages': onlyOwner,
  'POST /v1/chat/rooms/:id/messages': onlyOwner,
  'GET /v1/chat/rooms/:id/search': onlyOwner,
  'GET /v1/chat/rooms/:id/pins': onlyOwner,
  'GET /v1/chat/rooms/:id/messages/:messageId': onlyOwner,
  'PATCH /v1/chat/rooms/:id/messages/:messageId': onlyOwner,
  // Whoever may delete everywhere belongs to no room.
  'DELETE /v1/chat/rooms/:id/messages/:messageId': [401, 404, 2, 2, 2],
  'GET /v1/chat/rooms/:id/messages/:messageId/thread': onlyOwner,
  'GET /v1/chat/rooms/:id/messages/:messageId/reactions': onlyOwner,
  'PUT /v1/chat/rooms/:id/messages/:messageId/reactions/:emoji': onlyOwner,
  'DELETE /v1/chat/rooms/:id/messages/:messageId/reactions/:emoji': onlyOwner,
  'PUT /v1/chat/rooms/:id/messages/:messageId/pin': onlyOwner,
  'DELETE /v1/chat/rooms/:id/messages/:messageId/pin': onlyOwner,
  'POST /v1/chat/rooms/:id/messages/:messageId/reports': onlyOwner,
  // An open room.
  'POST /v1/chat/rooms/:id/join': anyUser,
  'POST /v1/chat/rooms/:id/preview': anyUser,
  'POST /v1/chat/rooms/:id/leave': onlyOwner,
  'PATCH /v1/chat/rooms/:id/me': onlyOwner,
  'GET /v1/chat/rooms/:id/members': onlyOwner,
  'POST /v1/chat/rooms/:id/members': onlyOwner,
  'PATCH /v1/chat/rooms/:id/members/:userId': onlyOwner,
  'DELETE /v1/chat/rooms/:id/members/:userId': onlyOwner,
  'PUT /v1/chat/rooms/:id/members/:userId/mute': onlyOwner,
  'DELETE /v1/chat/rooms/:id/members/:userId/mute': onlyOwner,
  'GET /v1/chat/rooms/:id/bans': onlyOwner,
  'PUT /v1/chat/rooms/:id/bans/:userId': onlyOwner,
  'DELETE /v1/chat/rooms/:id/bans/:userId': onlyOwner,
  'GET /v1/chat/rooms/:id/invites': onlyOwner,
  'POST /v1/chat/rooms/:id/invites': onlyOwner,
  'DELETE /v1/chat/rooms/:id/invites/:inviteId': onlyOwner,
  'GET /v1/products': everybody,
  'GET /v1/products/search': everybody,
  'GET /v1/products/facets': everybody,
  'POST /v1/products': onlyAdmin,
  'POST /v1/products/bulk': onlyAdmin,
  'DELETE /v1/products/bulk': onlyAdmin,
  'GET /v1/products/:id': everybody,
  'PUT /v1/products/:id': staff,
  'PATCH /v1/products/:id': staff,
  'DELETE /v1/products/:id': onlyAdmin,
  'POST /v1/products/:id/publish': onlyAdmin,
  'POST /v1/products/:id/archive': onlyAdmin,
  'PATCH /v1/products/:id/stock': staff,
  'POST /v1/products/process': staff,
  'GET /v1/products/:id/reviews': everybody,
  // Of a product that was brought to the owner.
  'POST /v1/products/:id/reviews': [401, 403, 2, 403, 403],
  'GET /v1/products/:id/reviews/:reviewId': everybody,
  'PATCH /v1/products/:id/reviews/:reviewId': [401, 403, 2, 403, 403],
  'DELETE /v1/products/:id/reviews/:reviewId': [401, 403, 2, 403, 403],
  'POST /v1/products/:id/reviews/:reviewId/hide': staff,
  'POST /v1/products/:id/reviews/:reviewId/restore': staff,
  'GET /v1/operations/:id': ownerOrAdmin,
  'POST /v1/operations/:id/cancel': ownerOrAdmin,
  'GET /v1/categories': everybody,
  'POST /v1/categories': onlyAdmin,
  'GET /v1/categories/:id': everybody,
  'PUT /v1/categories/:id': staff,
  'PATCH /v1/categories/:id': staff,
  'DELETE /v1/categories/:id': onlyAdmin,
  'GET /v1/notifications': anyUser,
  'GET /v1/notifications/unread-count': anyUser,
  'POST /v1/notifications/mark-all-read': anyUser,
  'GET /v1/notifications/preferences': anyUser,
  'PATCH /v1/notifications/preferences': anyUser,
  'GET /v1/notifications/ws': [401, 1, 1, 1, 1],
  'PATCH /v1/notifications/:id/read': onlyOwner,
  'DELETE /v1/notifications/:id': onlyOwner,
  'POST /v1/ws-tickets': anyUser,
  'GET /v1/data': anyUser,
  'POST /v1/expensive-operation': staff,
  'PATCH /v1/users/:id/tier': onlyAdmin,
  'GET /v1/users': staff,
  ...ofBoth({
    'GET /users/:id': [401, 404, 2, 2, 2],
    'POST /users': onlyAdmin,
    'PUT /users/:id': [401, 404, 2, 404, 2],
    'PATCH /users/:id': [401, 404, 2, 404, 2],
    // Always called by the person who goes.
    'DELETE /users/:id': own,
    'PATCH /users/:id/activate': onlyAdmin,
    'PATCH /users/:id/deactivate': onlyAdmin,
  }),
  'GET /v2/users': staff,
  'GET /v2/users/search': staff,
  'PATCH /v2/users/:id/change-role': onlyAdmin,
  'GET /v2/users/:id/profile': [401, 404, 2, 404, 2],
  'PUT /v2/users/:id/profile': [401, 404, 2, 404, 2],
  'PATCH /v2/users/:id/profile': [401, 404, 2, 404, 2],
  'GET /v1/users/profile': anyUser,
  'GET /v1/users/role': anyUser,
  'PATCH /v1/users/:id/role': onlyAdmin,
  'PATCH /v1/users/:id/change-role': onlyAdmin,
  'PUT /v1/users/:id/roles/:role': onlyAdmin,
  'POST /v1/users/:id/roles/:role/revoke': onlyAdmin,
  'POST /v1/users/:id/deactivate': onlyAdmin,
  'POST /v1/admin/users/:id/sessions/revoke': onlyAdmin,
  'POST /v1/users/:id/reactivate': onlyAdmin,
  'GET /v1/admin/roles': onlyAdmin,
  'GET /v1/admin/permissions': onlyAdmin,
  'POST /v1/admin/permissions/grant': onlyAdmin,
  'POST /v1/admin/permissions/revoke': onlyAdmin,
  // The owner is asked about; everybody may know that there is such a person.
  'GET /v1/admin/permissions/user/:userId': [401, 403, 2, 403, 2],
  'GET /v1/admin/resources': onlyAdmin,
  'GET /v1/admin/resource-permissions/user/:userId': onlyAdmin,
  'POST /v1/admin/resource-permissions/grant': onlyAdmin,
  'POST /v1/admin/resource-permissions/revoke': onlyAdmin,
  'GET /v1/admin/events': onlyAdmin,
  'GET /v1/admin/dead-letters': onlyAdmin,
  'GET /v1/admin/dead-letters/:id': onlyAdmin,
  'POST /v1/admin/dead-letters/:id/redrive': onlyAdmin,
  'POST /v1/admin/dead-letters/:id/discard': onlyAdmin,
  'GET /v1/admin/audit': onlyAdmin,
  'GET /v1/admin/figures': staff,
  'GET /v1/admin/limits': onlyAdmin,
  'GET /v1/admin/users': onlyAdmin,
  'GET /v1/admin/users/:id': onlyAdmin,
  'GET /v1/admin/reports': staff,
  'GET /v1/admin/reports/:id': staff,
  'POST /v1/admin/reports/:id/decide': staff,
  'GET /health': everybody,
  'GET /health/ready': everybody,
  'GET /health/readiness': everybody,
  'GET /health/live': everybody,
  'GET /health/liveness': everybody,
  'GET /version': everybody,
  'GET /.well-known/jwks.json': everybody,
  'GET /openapi/v1.json': everybody,
  'GET /openapi/v2.json': everybody,
}

const api = createApi()
const ROUTES = routesOf(api)
let world: World

beforeAll(async () => {
  world = await makeWorld(api)
})

it('every route stands in the matrix, and nothing else does', () => {
  expect(Object.keys(MATRIX).toSorted()).toEqual(ROUTES.map(({ name }) => name).toSorted())
})

/** The call that somebody was refused, for the next caller of the same route: it has used nothing up. */
let unused: { name: string; example: Example } | undefined
/** All that was stored after the last refusal, while nothing else has happened since. */
let stored: string | undefined

describe.each(ROUTES)('$name', ({ name, method }) => {
  const allowedTo = (who: Who) => MATRIX[name]?.[WHO.indexOf(who)] ?? Number.NaN
  const isRefused = (who: Who) => allowedTo(who) >= 400
  // Who is refused asks first: the same call then works for who may make it.
  const order = WHO.toSorted((a, b) => Number(isRefused(b)) - Number(isRefused(a)))

  describe.each(order)('%s', (who) => {
    it(`is let in or kept out as declared: ${name} (R7.19, R7.23)`, { timeout: 30_000 }, async () => {
      const allowed = allowedTo(who)
      const example = await takeExample(name)
      const call = async () => {
        const answer = await callAs(world, who, method, example)
        const status = allowed < 10 ? Math.floor(answer.status / 100) : answer.status
        expect(status, JSON.stringify(answer.body)).toBe(allowed)
        return answer
      }
      if (isRefused(who)) {
        await changesNothing(call)
        unused = { name, example }
        return
      }
      stored = undefined
      const answer = await call()
      answer.response.webSocket?.accept()
      answer.response.webSocket?.close(1000)
    })
  })
})

async function takeExample(name: string): Promise<Example> {
  const kept = unused
  unused = undefined
  if (kept?.name === name) return kept.example
  stored = undefined
  // However long this file takes, nobody's proof grows too old.
  await env.DB.prepare('update sessions set proved_at = ?').bind(Date.now()).run()
  return exampleOf(name, world)
}

describe('a path', () => {
  const PATHS = [...new Set(ROUTES.map(({ path }) => path))]
  const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

  it.for(PATHS)('answers every method that it has not with 405 and Allow, whoever asks: %s', async (template) => {
    const path = template.replaceAll(/:\w+/g, () => crypto.randomUUID())
    const allowed = ROUTES.filter((route) => matches(route.path, path)).map(({ method }) => method)
    for (const method of METHODS.filter((other) => !allowed.includes(other))) {
      for (const who of ['anonymous', 'admin'] as const) {
        const answer = await callAs(world, who, method, { path })
        expect([method, answer.status]).toEqual([method, 405])
        expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(allowed))
      }
    }
  })
})

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/:\w+/g, '[^/]+')}$`).test(path)
}

/**
 * Whoever is refused has changed nothing, of their own or of anybody's. What an earlier event still causes may come in
 * between, so once out of a few times is enough.
 */
async function changesNothing(call: () => Promise<unknown>): Promise<void> {
  await vi.waitFor(
    async () => {
      const before = stored ?? (await everything())
      await call()
      stored = await everything()
      expect(stored === before, 'all that is stored is as it was').toBe(true)
    },
    { timeout: 15_000, interval: 200 },
  )
}

/** What is read of each database; their tables are the same in the whole file. */
let parts: { database: D1Database; tables: { name: string; rows: string }[] }[] | undefined

/** All rows of all databases, but for what a request may note of itself: nothing. */
async function everything(): Promise<string> {
  parts ??= await Promise.all(
    [env.DB, env.ACTIVITY_DB, env.CATALOG_DB].map(async (database) => ({ database, tables: await tablesOf(database) })),
  )
  const dumps = parts.map(async ({ database, tables }) => {
    const found = await database.batch(tables.map(({ rows }) => database.prepare(rows)))
    return found.map(({ results }, i) => [tables[i]?.name, results])
  })
  return JSON.stringify(await Promise.all(dumps))
}

async function tablesOf(database: D1Database): Promise<{ name: string; rows: string }[]> {
  const { results } = await database
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not glob 'sqlite_*' and name not like '_cf%' and name not glob 'product_[fpw]*'",
    )
    .all<{ name: string }>()
  // That somebody was kept out is noted, and is no change of anything.
  const rowsOf = (name: string) => (name === 'audit' ? `audit where action <> 'ACCESS_DENIED'` : `"${name}"`)
  return results.map(({ name }) => ({ name, rows: `select * from ${rowsOf(name)}` }))
}
