import { env } from 'cloudflare:workers'
import { type JWTPayload, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { fromBase64Url, utf8 } from '../../src/platform/security/encoding.ts'
import { createApi } from '../support/api.ts'

const { socketTickets, passingTokens, accessTokens } = createApi().isolate
const ours = fromBase64Url(String(env.WS_TICKET_KEY)) ?? new Uint8Array()
const seconds = () => Math.floor(Date.now() / 1_000)

/** A ticket as ours are, but for what the test changes; undefined leaves a claim out. */
function forge({ typ = 'ws-ticket+jwt', alg = 'HS256', key = ours, ...changed }: Record<string, unknown> = {}) {
  const right = { iss: 'selvage', aud: 'selvage-api', sub: newId(), sid: newId(), jti: newId(), exp: seconds() + 60 }
  const claims = Object.entries({ ...right, iat: seconds(), ...changed }).filter(([, value]) => value !== undefined)
  return new SignJWT(Object.fromEntries(claims) as JWTPayload)
    .setProtectedHeader({ alg: String(alg), typ: String(typ) })
    .sign(key as Uint8Array)
}

it('a ticket for a socket is taken only of our making, of its own kind, for us, and while it is good', async () => {
  const [userId, sessionId, id] = [newId(), newId(), newId()]
  const own = await socketTickets.open(await socketTickets.issue(userId, sessionId, id))
  expect(own).toMatchObject({ id, userId, sessionId })
  await expect(socketTickets.open(await forge())).resolves.toMatchObject({ expiresAt: expect.any(Number) })

  const [header, body] = (await forge()).split('.')
  const passing = { type: 'other+jwt', seconds: 60, claims: {} as never } as const
  const forged = {
    'for another audience': await forge({ aud: 'another-service' }),
    'for no audience': await forge({ aud: undefined }),
    'from another issuer': await forge({ iss: 'https://evil.example' }),
    'of another type': await forge({ typ: 'at+jwt' }),
    'by another algorithm': await forge({ alg: 'HS384', key: new Uint8Array(48).fill(7) }),
    'by another key': await forge({ key: utf8('another key, long enough for HMAC') }),
    'by nobody': `${btoa('{"alg":"none","typ":"ws-ticket+jwt"}').replaceAll('=', '')}.${body}.`,
    'with another signature': `${header}.${body}.${(await forge()).split('.')[2]}`,
    expired: await forge({ exp: seconds() - 1 }),
    'not good yet': await forge({ nbf: seconds() + 600 }),
    'never expiring': await forge({ exp: undefined }),
    'without an id': await forge({ jti: undefined }),
    'an access token': await accessTokens.sign(userId, sessionId),
    'a passing token': await passingTokens.sign(passing, {}, newId()),
  }
  for (const [what, ticket] of Object.entries(forged)) {
    await expect(socketTickets.open(ticket), what).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  }
})
