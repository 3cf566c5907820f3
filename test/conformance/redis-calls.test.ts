import { beforeAll, describe, expect, it, vi } from 'vitest'
import { policyOf } from '../../src/platform/rate-limit/policies.ts'
import { createApi } from '../support/api.ts'
import { callAs, exampleOf, makeWorld, routesOf, type Who, type World } from '../support/examples.ts'
import { hasRedis, UPSTASH } from '../support/limiters.ts'

type Route = ReturnType<typeof routesOf>[number]

const SHARED = {
  UPSTASH_REDIS_REST_URL: UPSTASH.url,
  UPSTASH_REDIS_REST_TOKEN: UPSTASH.token,
  CACHE_TIERS: 'isolate,shared',
}

const GIVEN_BACK = 'what was taken ahead is given back after the answer'
const MAIL_ADDRESS = 'a mail address has a count of its own, wherever calls come from'

/** Who may call it twice, and why. */
const TWICE: Record<string, string> = {
  'POST /v1/auth/login': GIVEN_BACK,
  'POST /v1/auth/mfa/verify': GIVEN_BACK,
  'POST /v1/auth/mfa/backup-code': GIVEN_BACK,
  'POST /v1/auth/passkeys/sign-in': GIVEN_BACK,
  'POST /v1/auth/passkeys/second-step': GIVEN_BACK,
  'POST /v1/auth/change-password': GIVEN_BACK,
  'POST /v1/auth/forgot-password': MAIL_ADDRESS,
  'POST /v1/auth/resend-verification': MAIL_ADDRESS,
}

/** Those that ask for exact limits, and those whose answers are remembered. */
const ROUTES = routesOf(createApi()).filter((route) => hasExactLimits(route) || isRemembered(route))

function hasExactLimits({ contract }: Route): boolean {
  const { limits } = contract.policy
  return limits !== 'none' && limits.some(({ policy }) => policyOf(policy).exact)
}

function isRemembered({ method, path }: Route): boolean {
  return method === 'GET' && /\/(products|categories)/.test(path)
}

function whoMay({ contract }: Route): Who {
  const { access } = contract.policy
  if (access === 'public') return 'anonymous'
  if (typeof access !== 'object' || access.owner) return 'owner'
  return access.orGuest ? 'anonymous' : 'admin'
}

describe.skipIf(!hasRedis)('where limits and memories are in Redis', () => {
  let world: World
  beforeAll(async () => {
    world = await makeWorld(createApi())
  })

  it.for(ROUTES)('$name calls it once in a cold isolate, or is named (P3)', async (route) => {
    const example = await exampleOf(route.name, world)
    const call = () => callAs({ ...world, api: createApi({ settings: SHARED }) }, whoMay(route), route.method, example)
    // What one isolate has loaded and kept, the next one finds.
    if (isRemembered(route)) await call()
    const fetched = vi.spyOn(globalThis, 'fetch')
    const answer = await call()
    const calls = fetched.mock.calls.filter(([to]) => String(to).startsWith(UPSTASH.url))
    fetched.mockRestore()
    expect(answer.status).toBeLessThan(300)
    expect(calls.length).toBeLessThanOrEqual(route.name in TWICE ? 2 : 1)
  })

  it('names no route that is not there', () => {
    const names = ROUTES.map(({ name }) => name)
    expect(Object.keys(TWICE).filter((name) => !names.includes(name))).toEqual([])
  })
})
