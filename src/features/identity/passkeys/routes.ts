import { Hono } from 'hono'
import * as z from 'zod'
import type { OwnerGuard } from '../../../http/access.ts'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { COSTS_NOTHING } from '../../../http/cost.ts'
import { Done, envelope, ok } from '../../../http/envelope.ts'
import { deliver } from '../refresh-cookie.ts'
import { SignedIn } from '../schemas.ts'
import { addPasskey, beginPasskey } from './add-passkey.ts'
import { listOwnPasskeys, ownerOfPasskey, removePasskey, renamePasskey } from './manage-passkeys.ts'
import { beginPasskeySecondStep, beginPasskeyStepUp, finishPasskeySecondStep } from './prove-known-person.ts'
import {
  AddPasskeyBody,
  PasskeyCreation,
  PasskeyId,
  PasskeyRequest,
  PasskeySecondStepBody,
  PasskeySecondStepOptionsBody,
  PasskeySignInBody,
  PasskeyView,
  RenamePasskeyBody,
} from './schemas.ts'
import { beginPasskeySignIn, signInWithPasskey } from './sign-in-with-passkey.ts'

const common = { tag: 'Passkeys', idempotency: 'off', cache: 'no-store' } as const
/** What an authenticator answers, in base64url: a key, a signature, what the browser has seen. */
const CEREMONY_BODY = 32 * 1024

const CEREMONY =
  'The options go to `navigator.credentials` as they are; what it answers comes back with the token, within five ' +
  'minutes, once.'

/**
 * By a session that has just shown whose it is, of somebody whose address is known to be theirs: whoever registers the
 * address of another leaves nothing in the account that outlives its owner's coming.
 */
const adding = { stepUp: true, verifiedEmail: true } as const

/** Somebody else's passkey is not found. */
const ownPasskey: OwnerGuard = { entity: 'Passkey', ownerOf: (ctx, param) => ownerOfPasskey(ctx, param('id')) }

export const passkeyRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List own passkeys, newest first', {
      ...common,
      access: 'user',
      limits: [],
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 2, besides: 25 }, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(z.array(PasskeyView)) },
    }),
    async (c) => ok(c, await listOwnPasskeys(c.get('ctx'))),
  )
  .post(
    '/options',
    contract('Begin to add a passkey', {
      ...common,
      description: CEREMONY,
      access: adding,
      limits: [],
      cost: { trips: 3, sequential: 1, rowsRead: 120, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(PasskeyCreation) },
    }),
    async (c) => ok(c, await beginPasskey(c.get('ctx'))),
  )
  .post(
    '/',
    contract('Add a passkey', {
      ...common,
      access: adding,
      limits: [{ policy: 'credentials' }],
      cost: { trips: 3, sequential: 2, rowsRead: 85, rowsWritten: 23, hops: 1, sends: 1 },
      json: AddPasskeyBody,
      bodyLimit: CEREMONY_BODY,
      answers: { 201: envelope(PasskeyView) },
      made: '/auth/passkeys/{id}',
    }),
    async (c) => ok(c, await addPasskey(c.get('ctx'), c.req.valid('json')), { status: 201 }),
  )
  .post(
    '/sign-in/options',
    contract('Begin to sign in with a passkey', {
      ...common,
      description: `${CEREMONY} No address is asked: the browser shows the passkeys that it has.`,
      access: 'public',
      limits: [],
      cost: COSTS_NOTHING,
      answers: { 200: envelope(PasskeyRequest) },
    }),
    async (c) => ok(c, await beginPasskeySignIn(c.get('ctx'))),
  )
  .post(
    '/sign-in',
    contract('Sign in with a passkey', {
      ...common,
      description: 'It has verified its holder, so that no second step is asked.',
      access: 'public',
      limits: [{ policy: 'sign-in' }, { policy: 'failed-sign-ins-of-address' }],
      cost: { trips: 3, sequential: 2, rowsRead: 440, rowsWritten: 50, hops: 2, sends: 1 },
      json: PasskeySignInBody,
      bodyLimit: CEREMONY_BODY,
      answers: { 200: envelope(SignedIn) },
    }),
    async (c) => {
      const { session, ...proof } = c.req.valid('json')
      return ok(c, deliver(c, await signInWithPasskey(c.get('ctx'), proof), session))
    },
  )
  .post(
    '/second-step/options',
    contract('Begin to finish signing in with a passkey', {
      ...common,
      description: `With the temporary token of the first step. ${CEREMONY}`,
      access: 'public',
      limits: [{ policy: 'sign-in' }],
      cost: { trips: 1, sequential: 1, rowsRead: 45, rowsWritten: 4, hops: 1, sends: 0 },
      json: PasskeySecondStepOptionsBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(PasskeyRequest) },
    }),
    async (c) => ok(c, await beginPasskeySecondStep(c.get('ctx'), c.req.valid('json').tempToken)),
  )
  .post(
    '/second-step',
    contract('Finish signing in with a passkey', {
      ...common,
      description: 'Instead of a code. It is no try of those that codes have: nobody guesses a signature.',
      access: 'public',
      limits: [{ policy: 'sign-in' }, { policy: 'failed-sign-ins-of-address' }],
      cost: { trips: 4, sequential: 3, rowsRead: 490, rowsWritten: 56, hops: 2, sends: 1 },
      json: PasskeySecondStepBody,
      bodyLimit: CEREMONY_BODY,
      answers: { 200: envelope(SignedIn) },
    }),
    async (c) => {
      const { session, ...given } = c.req.valid('json')
      return ok(c, deliver(c, await finishPasskeySecondStep(c.get('ctx'), given), session))
    },
  )
  .post(
    '/step-up/options',
    contract('Begin to show anew who you are with a passkey', {
      ...common,
      description: `What is signed goes to \`POST /v1/auth/step-up\`. ${CEREMONY}`,
      access: 'user',
      limits: [],
      cost: { trips: 2, sequential: 1, rowsRead: 70, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(PasskeyRequest) },
    }),
    async (c) => ok(c, await beginPasskeyStepUp(c.get('ctx'))),
  )
  .patch(
    '/:id',
    contract('Rename a passkey', {
      ...common,
      access: { owner: ownPasskey },
      limits: [],
      cost: { trips: 3, sequential: 2, rowsRead: 40, rowsWritten: 4, hops: 0, sends: 0 },
      param: PasskeyId,
      json: RenamePasskeyBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      await renamePasskey(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').name)
      return ok(c, { success: true })
    },
  )
  .delete(
    '/:id',
    contract('Remove a passkey', {
      ...common,
      description: 'Nobody signs in by it any more. The only way into an account stays.',
      access: { stepUp: true },
      limits: [{ policy: 'credentials' }],
      cost: { trips: 4, sequential: 3, rowsRead: 85, rowsWritten: 21, hops: 1, sends: 1 },
      param: PasskeyId,
      answers: { 204: null },
    }),
    async (c) => {
      await removePasskey(c.get('ctx'), c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
