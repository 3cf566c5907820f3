import { expect, it, vi } from 'vitest'
import { ApiError } from '../../src/client/api-error.ts'
import type { SignedIn } from '../../src/client/api-types.ts'
import { createCall } from '../../src/client/call.ts'
import type { Http } from '../../src/client/http.ts'
import { Session } from '../../src/client/session.ts'

const grantOf = (id: string): SignedIn => ({
  user: { id } as SignedIn['user'],
  accessToken: `token of ${id}`,
  expiresIn: 900,
  tokenType: 'Bearer',
})

it('does nothing in the name of somebody who signs in while a call waits to be made again', async () => {
  const asked: (string | null | undefined)[] = []
  const http = vi.fn(async (_method: string, _path: string, { token }: Parameters<Http>[2] = {}) => {
    asked.push(token)
    if (asked.length > 1) return { data: {}, meta: {} }
    session.adopt(grantOf('bob'))
    throw new ApiError({ status: 429, code: 'RATE_LIMITED', message: 'Later', retryAfterSeconds: 0 })
  }) as unknown as Http
  const session: Session = new Session({ http, mode: 'body', marker: { isAbsent: () => false, remove: () => {} } })
  session.adopt(grantOf('ann'))
  const call = createCall(() => session.begin())
  const join = call('POST', '/v1/chat/rooms/{id}/join', { params: { id: 'room' }, body: {} })
  await expect(join).rejects.toMatchObject({ status: 401 })
  expect(asked).toEqual(['token of ann'])
  await call('GET', '/v1/auth/me')
  expect(asked).toEqual(['token of ann', 'token of bob'])
})
