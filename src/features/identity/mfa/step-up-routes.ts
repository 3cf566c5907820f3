import { Hono } from 'hono'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { envelope, ok } from '../../../http/envelope.ts'
import { SteppedUp, StepUpBody } from './schemas.ts'
import { stepUp } from './step-up.ts'

export const stepUpRoutes = new Hono<AppEnv>().post(
  '/step-up',
  contract('Show anew who you are', {
    tag: 'Two-step sign-in',
    access: 'user',
    limits: [],
    idempotency: 'off',
    cache: 'no-store',
    description:
      'Routes that matter want a sign-in or this within five minutes, and else answer `STEP_UP_REQUIRED` with what to ask ' +
      'for in `stepUp.methods`. One of the four is sent; where signing in takes two steps a password is not enough. ' +
      'Five tries in a quarter of an hour of one session, passkeys apart; then 429 with `Retry-After`.',
    cost: { trips: 5, sequential: 5, rowsRead: 70, rowsWritten: 14, hops: 0, sends: 1 },
    // A passkey's answer is larger than a code.
    bodyLimit: 2 * SMALL_BODY,
    json: StepUpBody,
    answers: { 200: envelope(SteppedUp) },
  }),
  async (c) => ok(c, await stepUp(c.get('ctx'), c.req.valid('json'))),
)
