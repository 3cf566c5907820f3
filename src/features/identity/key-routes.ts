import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { COSTS_NOTHING } from '../../http/cost.ts'
import { PublicKeys } from './schemas.ts'

const MAX_AGE_SECONDS = 300

/** The public keys by which anybody can check our access tokens. Outside the envelope, as RFC 7517 has it. */
export const identityKeyRoutes = new Hono<AppEnv>().get(
  '/.well-known/jwks.json',
  contract('Read the public keys of access tokens', {
    access: 'public',
    tag: 'Identity',
    limits: [],
    idempotency: 'off',
    cache: { publicSeconds: MAX_AGE_SECONDS },
    cost: COSTS_NOTHING,
    answers: { 200: PublicKeys },
  }),
  async (c) => c.json(await c.get('ctx').accessTokens.publicKeys()),
)
