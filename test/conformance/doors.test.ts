import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLE_DEFINITIONS, ROLES } from '../../src/features/identity/domain/access.ts'
import { contract } from '../../src/http/contract.ts'
import { COSTS_NOTHING } from '../../src/http/cost.ts'
import { Done, envelope, ok } from '../../src/http/envelope.ts'
import { HOUR_MS } from '../../src/platform/clock.ts'
import { type Answer, createApi } from '../support/api.ts'
import { type Call, targetOf, withoutTickets } from '../support/openapi/calls.ts'
import { matchesTemplate, type Operation, operationsOf } from '../support/openapi/document.ts'
import { createApiToWalk, documentsOf, PATIENCE_MS, Walk } from '../support/openapi/walk.ts'
import { makePerson } from '../support/people.ts'

const api = createApiToWalk()
// So that there is always an operation which takes permissions.
const policy = {
  tag: 'Test',
  access: { permissions: ['read:user', 'manage:settings'] },
  limits: [],
  idempotency: 'off',
  cache: 'no-store',
  cost: COSTS_NOTHING,
} as const
api.app.post('/v1/settings-of-a-test', contract('Do it', { ...policy, answers: { 200: envelope(Done) } }), (c) =>
  ok(c, { success: true }),
)
const documents = await documentsOf(api)
const cases = documents.map((document) => ({ document, title: document.info.version }))
const timeout = 20 * PATIENCE_MS

const told = ({ status, body }: Answer) => [status, body?.code ?? body?.title]

describe.each(cases)('every operation of version $title', { timeout }, ({ document }) => {
  const operations = operationsOf(document)
  let walk: Walk
  beforeAll(async () => {
    walk = await Walk.begin(api, document)
  })
  afterAll(() => walk.end())

  /** One call that the document allows, without a credential in its query. */
  const callOf = (operation: Operation, changes: Partial<Call> = {}): Call => {
    const [call] = walk.sample(operation, 1)
    if (!call) throw new Error(`There is no call of ${operation.name}`)
    // What need not be said is left out: of two such parameters each may be right, and both together not.
    const demanded = operation.parameters.flatMap(({ in: place, name, required }) =>
      place === 'query' && required ? [name] : [],
    )
    const query = call.query.filter(([name]) => demanded.includes(name))
    return { ...withoutTickets({ ...call, query }), ...changes }
  }
  const sendAs = async (operation: Operation, headers: Record<string, string>): Promise<Answer> => {
    const call = callOf(operation, { who: 'nobody' })
    return (await walk.send({ ...call, headers: { ...call.headers, ...headers } })).answer
  }

  it('that is not public is 401 without a token, and with one that is garbled, expired, ended or for another use (R0.1, R7.23)', async () => {
    const person = await makePerson(api.isolate)
    const { userId, sessionId } = await api.isolate.accessTokens.verify(person.accessToken)
    const [head, claims, signature = ''] = person.accessToken.split('.')
    const unsigned = btoa('{"alg":"none","typ":"at+jwt"}').replaceAll('=', '')
    const earlier = createApi({ clock: () => Date.now() - HOUR_MS }).isolate
    const ended = await makePerson(api.isolate)
    await api.as(ended).post('/v1/auth/logout')
    const tokens = [
      'garbage',
      `${head}.${claims}.${signature.split('').toReversed().join('')}`,
      `${unsigned}.${claims}.`,
      await earlier.accessTokens.sign(userId, sessionId),
      await api.isolate.socketTickets.issue(userId, sessionId, crypto.randomUUID()),
      person.refreshToken,
      ended.accessToken,
    ]
    const headers = [`Basic ${person.accessToken}`, ...tokens.map((token) => `Bearer ${token}`)]
    const closed = operations.filter(({ isSecured }) => isSecured)
    expect(closed.length).toBeGreaterThan(10)
    for (const operation of closed) {
      for (const authorization of [undefined, ...headers]) {
        const answer = await sendAs(operation, authorization === undefined ? {} : { authorization })
        expect(told(answer), `${operation.name} ${authorization}`).toEqual([401, 'UNAUTHENTICATED'])
      }
    }
  })

  it('that takes permissions is 403 for a role which has not all, and says which it takes and which are missing (R12.27)', async () => {
    const demanding = operations.filter(({ permissions }) => permissions.length > 0)
    expect(demanding.length).toBeGreaterThan(0)
    for (const role of ROLES) {
      const { accessToken } = await makePerson(api.isolate, { role })
      const held: readonly string[] = ROLE_DEFINITIONS[role].permissions
      for (const operation of demanding) {
        const missing = operation.permissions.filter((permission) => !held.includes(permission))
        const answer = await sendAs(operation, { authorization: `Bearer ${accessToken}` })
        if (missing.length === 0) {
          expect(answer.status, `${operation.name} as ${role}`).not.toBe(403)
        } else {
          expect(told(answer), `${operation.name} as ${role}`).toEqual([403, 'FORBIDDEN'])
          const list = `the permissions ${operation.permissions.join(', ')}. Missing: ${missing.join(', ')}`
          expect(String(answer.body.message ?? answer.body.detail)).toContain(list)
        }
      }
    }
  })

  it('is at a path that answers any other method with 405, and OPTIONS with 204, both with what it allows', async () => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'MKCOL']
    for (const operation of operations) {
      const path = targetOf(callOf(operation, { query: [] }))
      const here = operations.filter((other) => matchesTemplate(other.path, path)).map(({ method }) => method)
      const allowed = [...new Set([...here, ...(here.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].toSorted()
      const allow = ({ headers }: Answer) => headers.get('allow')?.split(', ').toSorted()
      const asked = await api.request('OPTIONS', path)
      expect([asked.status, allow(asked)], `OPTIONS ${path}`).toEqual([204, allowed])
      for (const method of methods.filter((one) => !here.includes(one))) {
        const answer = await api.request(method, path)
        expect([...told(answer), allow(answer)], `${method} ${path}`).toEqual([405, 'METHOD_NOT_ALLOWED', allowed])
      }
    }
  })

  it('that is a GET answers HEAD with the same status and headers, and no body', async () => {
    const person = await makePerson(api.isolate)
    for (const operation of operations.filter(({ method, isSocket }) => method === 'GET' && !isSocket)) {
      const { headers, ...call } = callOf(operation)
      const ask = (method: string) => api.as(person).request(method, targetOf({ headers, ...call }), { headers })
      const alike = (answer: Answer) => [answer.status, [...answer.headers.keys()], answer.headers.get('content-type')]
      const [get, head] = [await ask('GET'), await ask('HEAD')]
      expect(alike(head), operation.name).toEqual(alike(get))
      expect(await head.response.text(), operation.name).toBe('')
    }
  })

  it('that opens a socket is 426 without an upgrade, and 401 with an upgrade and a ticket that is none', async () => {
    const person = await makePerson(api.isolate)
    const sockets = operations.filter(({ isSocket }) => isSocket)
    // Only the first version has any.
    expect(sockets.length > 0).toBe(document.info.version === '1.0')
    for (const operation of sockets) {
      const plain = await api.as(person).get(targetOf(callOf(operation)))
      expect([operation.name, ...told(plain)]).toEqual([operation.name, 426, 'UPGRADE_REQUIRED'])
      for (const ticket of ['', 'garbage', person.accessToken, person.refreshToken, 'a.b.c', '\u0000']) {
        const query = operation.ticketParameters.map((name): [string, string] => [name, ticket])
        expect(query, operation.name).toHaveLength(1)
        const { answer } = await walk.send(callOf(operation, { query, who: 'nobody' }))
        expect(told(answer), `${operation.name} ${ticket}`).toEqual([401, 'UNAUTHENTICATED'])
      }
    }
  })
})

describe('a path that no operation has', () => {
  const quiet = createApi()

  it('is 404, whatever is asked there', async () => {
    for (const path of ['/v1', '/v1/nowhere', '/v9/auth/me', `/v1/${crypto.randomUUID()}`, '/v1/nowhere/a/b/c/d']) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        expect(told(await quiet.request(method, path)), `${method} ${path}`).toEqual([404, 'NOT_FOUND'])
      }
    }
  })
})
