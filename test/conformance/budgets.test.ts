import { describe, expect, it } from 'vitest'
import { DATABASES } from '../../src/platform/db/bookmarks.ts'
import { createApi } from '../support/api.ts'
import { routesOf } from '../support/examples.ts'

const ROUTES = routesOf(createApi())

/**
 * What any route may declare: reading, one trip beside the session's, at the same time; writing, one read and one batch
 * beside it, and one trip after the answer to mark what was told. One call to an object.
 */
const READING = { trips: 2, sequential: 1, hops: 1 }
const WRITING = { trips: 4, sequential: 2, hops: 1 }

const OF_A_PERSON = 'what is counted of a person waits for their session'

const GUARDED = 'its guard knows whose it is by the session, before it is read'
const ANSWERED = 'the user as they are then is read for the answer'

interface Exception {
  trips?: number
  sequential?: number
  hops?: number
  because: string
}

/** Of routes that two versions have alike. */
function inBoth(rows: Record<string, Exception>): Record<string, Exception> {
  const named = Object.entries(rows).flatMap(([route, row]) =>
    ['/v1', '/v2'].map((version) => [route.replace(' ', ` ${version}`), row] as const),
  )
  return Object.fromEntries(named)
}

/** Who may cost more, and why. */
const EXCEPTIONS: Record<string, Exception> = {
  'POST /v1/auth/login': { hops: 2, because: 'what was taken ahead is given back after the answer' },
  'POST /v1/auth/refresh': {
    hops: 2,
    because: 'the limit is counted, and then the person’s object rotates the session',
  },
  'POST /v1/auth/mfa/verify': {
    trips: 5,
    sequential: 4,
    hops: 2,
    because: 'the try is counted before the code is looked at; the oldest of too many sessions end',
  },
  'POST /v1/auth/mfa/backup-code': {
    trips: 5,
    sequential: 4,
    hops: 2,
    because: 'the try is counted first, and how many codes are left is read before one is used',
  },
  'POST /v1/auth/mfa/setup': { sequential: 3, because: OF_A_PERSON },
  'POST /v1/auth/mfa/enable': {
    trips: 5,
    sequential: 4,
    because: `${OF_A_PERSON}; the try is counted before the code is looked at`,
  },
  'POST /v1/auth/mfa/disable': {
    trips: 7,
    sequential: 5,
    because: `${OF_A_PERSON}; the try is counted before password and code are looked at, side by side`,
  },
  'POST /v1/auth/mfa/backup-codes/regenerate': { trips: 7, sequential: 5, because: 'as with switching it off' },
  'DELETE /v1/auth/passkeys/:id': { sequential: 3, because: OF_A_PERSON },
  'DELETE /v1/auth/providers/:provider/link': { sequential: 3, because: OF_A_PERSON },
  'POST /v1/auth/step-up': {
    trips: 5,
    sequential: 5,
    because: 'the try is counted first, and a password is only looked at where nothing more is asked',
  },
  'POST /v1/auth/passkeys/sign-in': { hops: 2, because: 'as with a password' },
  'POST /v1/auth/passkeys/second-step': {
    sequential: 3,
    hops: 2,
    because: 'whose first step it was is read before the passkey',
  },
  'POST /v1/auth/providers/finish': {
    trips: 5,
    sequential: 4,
    because: 'whose account it is, and for somebody new whether address and name are free',
  },
  'POST /v1/auth/forgot-password': {
    hops: 2,
    because: 'a mail address has a count of its own, wherever calls come from',
  },
  'POST /v1/auth/resend-verification': { hops: 2, because: 'as with a forgotten password' },
  'POST /v1/auth/reset-password': { hops: 2, because: 'all sockets of the account close' },
  'POST /v1/auth/change-password': {
    trips: 5,
    sequential: 3,
    hops: 3,
    because: 'what is counted of a person waits for their session; the sockets of the other ones close',
  },
  'POST /v1/auth/change-email': { sequential: 3, because: OF_A_PERSON },
  'GET /v1/chat/rooms/:id/ws': { hops: 2, because: 'the user’s object admits the socket, the room’s opens it' },
  'GET /v1/products': {
    trips: 4,
    sequential: 2,
    because: 'a slug says which category is meant; and staff are asked for what everybody sees before they are known',
  },
  'GET /v1/products/search': { trips: 4, sequential: 2, because: 'as with the list' },
  'GET /v1/products/facets': { trips: 5, sequential: 3, because: 'as with the list; then the categories are named' },
  'GET /v1/products/:id/reviews': {
    trips: 3,
    sequential: 2,
    because: 'the product, which knows how many there are, beside the page; a slug says first which product is meant',
  },
  'GET /v1/notifications/ws': { hops: 2, because: 'one call admits the socket, the upgrade opens it' },
  'GET /v1/data': {
    trips: 12,
    sequential: 2,
    hops: 3,
    because: 'an export, limited as such: ten reads side by side, and one that begins with the address',
  },
  'POST /v1/admin/reports/:id/decide': { sequential: 3, because: 'the report names the room, the room its object' },
  'GET /v1/admin/permissions/user/:userId': {
    ...{
      trips: 4,
      sequential: 3,
      because: 'its guard asks whose it is, then whether it was granted, before it is read',
    },
  },
  'DELETE /v1/auth/api-keys/:id': { trips: 5, sequential: 3, because: 'its owner is told by its name' },
  'POST /v1/admin/permissions/grant': { trips: 5, because: 'the permission is read beside the person' },
  'POST /v1/admin/permissions/revoke': { trips: 5, because: 'as with granting' },
  'GET /v1/admin/resource-permissions/user/:userId': {
    ...{ trips: 3, sequential: 2, because: 'what things are called is read of those that were found' },
  },
  'PUT /v1/products/:id': { sequential: 3, because: 'another category is looked for once the change is known' },
  'PATCH /v1/products/:id': { sequential: 3, because: 'as with replacing it' },
  ...inBoth({
    'GET /users/:id': { sequential: 2, because: GUARDED },
    'PUT /users/:id': { sequential: 3, because: GUARDED },
    'PATCH /users/:id': { sequential: 3, because: GUARDED },
    'DELETE /users/:id': { sequential: 3, because: GUARDED },
    'PATCH /users/:id/activate': { trips: 5, sequential: 3, because: ANSWERED },
    'PATCH /users/:id/deactivate': { trips: 5, sequential: 3, because: ANSWERED },
  }),
  'PATCH /v2/users/:id/change-role': { trips: 5, sequential: 3, because: ANSWERED },
  'GET /v2/users/:id/profile': { sequential: 2, because: GUARDED },
  'PUT /v2/users/:id/profile': { sequential: 4, because: `${GUARDED}; another picture is told, and that is marked` },
  'PATCH /v2/users/:id/profile': { sequential: 4, because: 'as with replacing it' },
  ...Object.fromEntries(
    ['/health', '/health/ready', '/health/readiness'].map((path) => [
      `GET ${path}`,
      { trips: DATABASES.length, because: 'each database is asked, side by side' },
    ]),
  ),
  'GET /v1/admin/figures': { hops: 12, because: 'an operator’s view: all objects that keep figures, side by side' },
  'GET /v1/admin/audit': {
    ...{ trips: 5, sequential: 2 },
    because: 'an operator’s view: the trails of all databases side by side, then whom they name',
  },
  'GET /v1/admin/events': { trips: 8, because: 'an operator’s view of everything: all reads side by side' },
}

describe('the budget of every route', () => {
  it.for(ROUTES)('$name is within what the architecture allows', ({ name, method, contract: { policy } }) => {
    const { because: _why, ...more } = EXCEPTIONS[name] ?? { because: '' }
    const most = { ...(method === 'GET' ? READING : WRITING), ...more }
    const { trips, sequential, hops } = policy.cost
    expect(trips).toBeLessThanOrEqual(most.trips)
    expect(sequential).toBeLessThanOrEqual(most.sequential)
    expect(hops).toBeLessThanOrEqual(most.hops)
  })

  it('makes no exception of a route that is not there', () => {
    const names = ROUTES.map(({ name }) => name)
    expect(Object.keys(EXCEPTIONS).filter((name) => !names.includes(name))).toEqual([])
  })

  it('makes no exception that a route does not use, or that it uses only in part (P3)', () => {
    const idle = ROUTES.flatMap(({ name, method, contract: { policy } }) => {
      const usual = method === 'GET' ? READING : WRITING
      return (['trips', 'sequential', 'hops'] as const).flatMap((figure) => {
        const allowed = EXCEPTIONS[name]?.[figure]
        const declared = policy.cost[figure]
        const isUsed = allowed === undefined || (declared === allowed && allowed > usual[figure])
        return isUsed ? [] : [`${name}: ${figure} ${declared}, allowed ${allowed}`]
      })
    })
    expect(idle).toEqual([])
  })
})
