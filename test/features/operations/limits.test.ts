import { expect, it } from 'vitest'
import type { Limits } from '../../../src/features/operations/schemas.ts'
import { POLICIES } from '../../../src/platform/rate-limit/policies.ts'
import { createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'

it('are shown to an admin as they hold here: scaled, but for the lock-outs', async () => {
  const api = createApi({ settings: { RATE_LIMIT_SCALE: '3' } })
  const as = api.as(await makePerson(api.isolate, { role: 'admin' }))
  const { policies, ...rest } = (await as.get<Limits>('/v1/admin/limits')).body.data
  expect(rest).toEqual({ scale: 3, countedBy: 'objects' })
  expect(policies.map(({ name }) => name)).toEqual(Object.keys(POLICIES))
  const of = (wanted: string) => policies.find(({ name }) => name === wanted)
  expect(of('free')).toMatchObject({ limit: 300, windowSeconds: 60, exact: false })
  expect(of('sockets')).toMatchObject({ limit: 30, refillPerSecond: 3, algorithm: 'token-bucket' })
  expect(of('failed-sign-ins')).toMatchObject({ limit: 5, isLockOut: true, onOutage: 'closed' })
})
