import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { requireUser } from '../../../context.ts'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { COSTS_NOTHING } from '../../../http/cost.ts'
import { Done, envelope, ok } from '../../../http/envelope.ts'
import { protectCookie } from '../../../http/middleware/protect-cookie.ts'
import { deliver } from '../refresh-cookie.ts'
import { SignInAnswer } from '../schemas.ts'
import { ATTEMPT_SECONDS, beginAttempt } from './attempt.ts'
import { linkProvider, listLinkedAccounts, unlinkProvider } from './link-provider.ts'
import { keepAttempt, takeAttempt } from './provider-cookie.ts'
import {
  FinishLinkBody,
  FinishSignInBody,
  LinkedAccount,
  ProviderId,
  ProviderSignIn,
  SignInProvider,
} from './schemas.ts'
import { signInWithProvider } from './sign-in-with-provider.ts'

const common = { tag: 'Sign-in providers', limits: [], idempotency: 'off', cache: 'no-store' } as const
const limited = { ...common, limits: [{ policy: 'sign-in' }] } as const
/** By a session that has just shown whose it is, of somebody whose own address is known to be theirs. */
const linking = { stepUp: true, verifiedEmail: true } as const
const comesBack =
  'Send the browser to `url`. It comes back to `/app/signing-in` with `code`, `state` and perhaps `iss`, which go to the ' +
  'route that finishes this, with the cookie that this one sets.'

async function begin(c: Context<AppEnv>, provider: string, linkFor?: { userId: string; sessionId: string }) {
  const { url, token } = await beginAttempt(c.get('ctx'), provider, linkFor)
  keepAttempt(c, token)
  return ok(c, { url, expiresIn: ATTEMPT_SECONDS })
}

export const providerRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List by whom one may sign in', {
      ...common,
      access: 'public',
      cost: COSTS_NOTHING,
      answers: { 200: envelope(z.array(SignInProvider)) },
    }),
    (c) =>
      ok(
        c,
        [...c.get('ctx').providers.values()].map(({ id, name, kind }) => ({ id, name, kind })),
      ),
  )
  .get(
    '/linked',
    contract('List own accounts at providers', {
      ...common,
      access: 'user',
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 2, besides: 25 }, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(z.array(LinkedAccount)) },
    }),
    async (c) => ok(c, await listLinkedAccounts(c.get('ctx'))),
  )
  .post(
    '/finish',
    contract('Sign in as whom a provider vouches for', {
      ...limited,
      description:
        'Whose account is linked gets in, with their second step where they have one. Whose address nobody has here gets ' +
        'a new account. Whose address somebody has is asked to sign in and link it (409 SIGN_IN_TO_LINK).',
      access: 'public',
      cost: { trips: 5, sequential: 4, rowsRead: 460, rowsWritten: 80, hops: 1, sends: 2 },
      json: FinishSignInBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(SignInAnswer) },
    }),
    protectCookie(),
    async (c) => {
      const { session, ...returned } = c.req.valid('json')
      return ok(c, deliver(c, await signInWithProvider(c.get('ctx'), takeAttempt(c), returned), session))
    },
  )
  .post(
    '/finish-link',
    contract('Link the account of a provider', {
      ...limited,
      access: linking,
      cost: { trips: 3, sequential: 2, rowsRead: 42, rowsWritten: 22, hops: 1, sends: 1 },
      json: FinishLinkBody,
      bodyLimit: SMALL_BODY,
      answers: { 201: envelope(LinkedAccount) },
      made: '/auth/providers/{provider}/link',
    }),
    protectCookie(),
    async (c) => {
      await c.get('ctx').authorized()
      return ok(c, await linkProvider(c.get('ctx'), takeAttempt(c), c.req.valid('json')), { status: 201 })
    },
  )
  .post(
    '/:provider/begin',
    contract('Begin to sign in with a provider', {
      ...limited,
      description: comesBack,
      access: 'public',
      cost: { ...COSTS_NOTHING, rowsRead: 10, rowsWritten: 5, hops: 1 },
      param: ProviderId,
      answers: { 200: envelope(ProviderSignIn) },
    }),
    (c) => begin(c, c.req.valid('param').provider),
  )
  .post(
    '/:provider/begin-link',
    contract('Begin to link an account at a provider', {
      ...limited,
      description: comesBack,
      access: linking,
      cost: { trips: 1, sequential: 1, rowsRead: 35, rowsWritten: 5, hops: 1, sends: 0 },
      param: ProviderId,
      answers: { 200: envelope(ProviderSignIn) },
    }),
    async (c) => {
      await c.get('ctx').authorized()
      const { userId, sessionId } = requireUser(c.get('ctx'))
      return begin(c, c.req.valid('param').provider, { userId, sessionId })
    },
  )
  .delete(
    '/:provider/link',
    contract('Unlink the account at a provider', {
      ...common,
      description: 'Never the last way in: set a password or add a passkey before (409).',
      access: { stepUp: true },
      limits: [{ policy: 'credentials' }],
      cost: { trips: 4, sequential: 3, rowsRead: 55, rowsWritten: 21, hops: 1, sends: 1 },
      param: ProviderId,
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      await unlinkProvider(c.get('ctx'), c.req.valid('param').provider)
      return ok(c, { success: true })
    },
  )
