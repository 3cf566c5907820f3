import { Hono } from 'hono'
import * as z from 'zod'
import type { OwnerGuard } from '../../http/access.ts'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { envelope, ok } from '../../http/envelope.ts'
import type { RouteLimit } from '../../http/limits.ts'
import { protectCookie } from '../../http/middleware/protect-cookie.ts'
import { Refusal } from '../../platform/errors.ts'
import { getCurrentUser } from './get-current-user.ts'
import { listOwnSessions } from './list-sessions.ts'
import { clearRefreshCookie, deliver, readRefreshCookie } from './refresh-cookie.ts'
import { refreshSession } from './refresh-session.ts'
import { register } from './register.ts'
import {
  CurrentUser,
  LoginBody,
  RefreshBody,
  RegisterBody,
  Registered,
  SessionId,
  SessionView,
  SignedIn,
  SignedOutElsewhere,
  SignInAnswer,
  Told,
} from './schemas.ts'
import { signIn } from './sign-in.ts'
import { endOwnSession, ownerOfSession, signOut, signOutElsewhere, signOutEverywhere } from './sign-out.ts'

const tag = 'Identity'

/**
 * Few tries an account and address, as it may be somebody else's; more an address, as many people may share one; of an
 * account from anywhere only a captcha, as else anybody could lock anybody out.
 */
const SIGN_IN_LIMITS: RouteLimit[] = [
  { policy: 'sign-in' },
  { policy: 'failed-sign-ins', key: ({ email }: LoginBody) => email },
  { policy: 'failed-sign-ins-of-address' },
  { policy: 'failed-sign-ins-for', key: ({ email }: LoginBody) => email },
]

/** Somebody else's session is not found. */
const ownSession: OwnerGuard = { entity: 'Session', ownerOf: (ctx, param) => ownerOfSession(ctx, param('id')) }

export const identityRoutes = new Hono<AppEnv>()
  .post(
    '/register',
    contract('Register an account', {
      access: 'public',
      tag,
      limits: [{ policy: 'register' }],
      captcha: 'register',
      idempotency: 'off',
      cache: 'no-store',
      // Two for each character of the name, by whose parts people are found.
      cost: { trips: 3, sequential: 2, rowsRead: 420, rowsWritten: 30, hops: 1, sends: 1 },
      bodyLimit: SMALL_BODY,
      json: RegisterBody,
      answers: { 201: envelope(Registered) },
      made: '/users/{user.id}',
    }),
    async (c) => {
      const { session, captchaToken: _checked, ...input } = c.req.valid('json')
      const signedIn = deliver(c, await register(c.get('ctx'), input), session)
      const message = 'Welcome. Look into your inbox: a mail is on its way by which you verify your address.'
      return ok(c, { ...signedIn, message }, { status: 201 })
    },
  )
  .post(
    '/login',
    contract('Sign in', {
      access: 'public',
      tag,
      limits: SIGN_IN_LIMITS,
      captcha: 'login',
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 4, sequential: 2, rowsRead: 440, rowsWritten: 50, hops: 2, sends: 1 },
      bodyLimit: SMALL_BODY,
      description:
        'Where the account asks for a second step, the answer has `requiresMfa` and a temporary token instead of a ' +
        'session: `POST /v1/auth/mfa/verify` takes it.',
      json: LoginBody,
      answers: { 200: envelope(SignInAnswer) },
    }),
    async (c) => {
      const { session, captchaToken: _checked, ...input } = c.req.valid('json')
      return ok(c, deliver(c, await signIn(c.get('ctx'), input), session))
    },
  )
  .post(
    '/refresh',
    contract('Exchange a refresh token', {
      access: 'public',
      tag,
      limits: [{ policy: 'refresh' }],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 2, rowsRead: 25, rowsWritten: 8, hops: 2, sends: 0 },
      bodyLimit: SMALL_BODY,
      description:
        'The token comes in the body or in the cookie. Each is good once; a client that lost the answer may ' +
        'repeat it for ten seconds and gets the same successor. Using a replaced token later ends the session.',
      json: RefreshBody,
      answers: { 200: envelope(SignedIn) },
    }),
    protectCookie(),
    async (c) => {
      const { refreshToken, session } = c.req.valid('json')
      const token = refreshToken ?? readRefreshCookie(c)
      // What no script may read must not be had in a body by asking for it.
      if (refreshToken === undefined && session === 'body') {
        throw new Refusal('UNPROCESSABLE', 'A token from the cookie goes back into the cookie', {
          fields: [{ field: 'session', message: 'Send the refresh token in the body to get the next one there' }],
        })
      }
      if (token === undefined) {
        throw new Refusal('INVALID_REFRESH_TOKEN', 'The refresh token is not valid. Sign in again.', {
          reason: 'neither in the body nor in the cookie',
        })
      }
      const kind = session ?? (refreshToken === undefined ? 'cookie' : 'body')
      return ok(c, deliver(c, await refreshSession(c.get('ctx'), token), kind))
    },
  )
  .post(
    '/logout',
    contract('Sign out', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 3, sequential: 2, rowsRead: 40, rowsWritten: 16, hops: 1, sends: 1 },
      answers: { 200: envelope(Told) },
    }),
    async (c) => {
      await signOut(c.get('ctx'))
      clearRefreshCookie(c)
      return ok(c, { message: 'Signed out' })
    },
  )
  .post(
    '/logout-all',
    contract('Sign out everywhere', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 3, sequential: 2, rowsRead: 35, rowsWritten: 16, hops: 1, sends: 1 },
      answers: { 200: envelope(Told) },
    }),
    async (c) => {
      await signOutEverywhere(c.get('ctx'))
      clearRefreshCookie(c)
      return ok(c, { message: 'Signed out everywhere' })
    },
  )
  .post(
    '/logout-others',
    contract('Sign out everywhere else', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      // As many rows and their places in two indexes as one may have.
      cost: { trips: 4, sequential: 2, rowsRead: 700, rowsWritten: 340, hops: 1, sends: 1 },
      answers: { 200: envelope(SignedOutElsewhere) },
    }),
    async (c) => ok(c, { ended: await signOutElsewhere(c.get('ctx')) }),
  )
  .get(
    '/me',
    contract('Read the signed-in user', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 1, rowsRead: 40, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(CurrentUser) },
    }),
    async (c) => ok(c, await getCurrentUser(c.get('ctx'))),
  )
  .get(
    '/sessions',
    contract('List own sessions', {
      access: 'user',
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 4, besides: 25 }, rowsWritten: 0, hops: 1, sends: 0 },
      answers: { 200: envelope(z.array(SessionView)) },
    }),
    async (c) => ok(c, await listOwnSessions(c.get('ctx'))),
  )
  .delete(
    '/sessions/:id',
    contract('End one of the own sessions', {
      access: { owner: ownSession },
      tag,
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: { trips: 4, sequential: 2, rowsRead: 40, rowsWritten: 16, hops: 1, sends: 1 },
      param: SessionId,
      answers: { 204: null },
    }),
    async (c) => {
      await endOwnSession(c.get('ctx'), c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
