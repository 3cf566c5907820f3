import { Hono } from 'hono'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { envelope, ok } from '../../../http/envelope.ts'
import type { RouteLimit } from '../../../http/limits.ts'
import { deliver } from '../refresh-cookie.ts'
import { SignedIn, Told } from '../schemas.ts'
import { disableMfa, renewBackupCodes } from './disable.ts'
import { enableMfa } from './enable.ts'
import { readMfaStatus } from './read-status.ts'
import {
  BackupCodes,
  BackupSignInBody,
  DisableMfaBody,
  EnableMfaBody,
  MfaSetup,
  MfaStatus,
  RenewBackupCodesBody,
  SignedInByBackupCode,
  VerifyMfaBody,
} from './schemas.ts'
import { setUpMfa } from './set-up.ts'
import { signInByBackupCode, signInByTotp } from './sign-in.ts'

const declared = { tag: 'Two-step sign-in', idempotency: 'off', cache: 'no-store', bodyLimit: SMALL_BODY } as const
const { bodyLimit: _none, ...withoutBody } = declared

const whose = ({ email, tempToken }: VerifyMfaBody) => email ?? tempToken ?? ''

/** Wrong passwords count as those of signing in do; what is tried with one temporary token counts for itself. */
const SECOND_STEP_LIMITS: RouteLimit[] = [
  { policy: 'sign-in' },
  { policy: 'failed-sign-ins', key: whose },
  { policy: 'failed-sign-ins-of-address' },
  { policy: 'failed-sign-ins-for', key: whose },
]

const TRIES = 'Five tries in a quarter of an hour, over all ways to show who one is; then 429 with `Retry-After`.'
const OWN_TRIES = 'Five tries in a quarter of an hour of one session; then 429 with `Retry-After`.'

export const mfaRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('Read whether signing in takes a second step', {
      ...withoutBody,
      access: 'user',
      limits: [],
      cost: { trips: 2, sequential: 1, rowsRead: 50, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(MfaStatus) },
    }),
    async (c) => ok(c, await readMfaStatus(c.get('ctx'))),
  )
  .post(
    '/setup',
    contract('Set up an authenticator app', {
      ...withoutBody,
      // Else whoever registers the address of another could keep its owner out for good.
      access: { stepUp: true, verifiedEmail: true },
      limits: [{ policy: 'credentials' }],
      description: 'Nothing asks for its codes until the first one has come to `enable`. A repeat replaces the secret.',
      cost: { trips: 4, sequential: 3, rowsRead: 105, rowsWritten: 21, hops: 1, sends: 1 },
      answers: { 200: envelope(MfaSetup) },
    }),
    async (c) => ok(c, await setUpMfa(c.get('ctx'))),
  )
  .post(
    '/enable',
    contract('Switch two-step sign-in on', {
      ...declared,
      access: { verifiedEmail: true },
      limits: [{ policy: 'credentials' }],
      description: `By the first code of the app that was set up. It answers ten backup codes. ${OWN_TRIES}`,
      cost: { trips: 5, sequential: 4, rowsRead: 85, rowsWritten: 75, hops: 1, sends: 1 },
      json: EnableMfaBody,
      answers: { 200: envelope(BackupCodes) },
    }),
    async (c) => ok(c, await enableMfa(c.get('ctx'), c.req.valid('json').code)),
  )
  .post(
    '/disable',
    contract('Switch two-step sign-in off', {
      ...declared,
      access: 'user',
      limits: [{ policy: 'credentials' }],
      description: `By the password and a code of the app, a backup code or a passkey. ${OWN_TRIES}`,
      cost: { trips: 7, sequential: 5, rowsRead: 95, rowsWritten: 65, hops: 1, sends: 2 },
      // A passkey's answer is larger than a code.
      bodyLimit: 2 * SMALL_BODY,
      json: DisableMfaBody,
      answers: { 200: envelope(Told) },
    }),
    async (c) => ok(c, await disableMfa(c.get('ctx'), c.req.valid('json'))),
  )
  .post(
    '/backup-codes/regenerate',
    contract('Make new backup codes', {
      ...declared,
      access: 'user',
      limits: [{ policy: 'credentials' }],
      description: `By the password and a code of the app or a passkey. The old ones are good no more. ${OWN_TRIES}`,
      cost: { trips: 7, sequential: 5, rowsRead: 95, rowsWritten: 85, hops: 1, sends: 1 },
      // A passkey's answer is larger than a code.
      bodyLimit: 2 * SMALL_BODY,
      json: RenewBackupCodesBody,
      answers: { 200: envelope(BackupCodes) },
    }),
    async (c) => ok(c, await renewBackupCodes(c.get('ctx'), c.req.valid('json'))),
  )
  .post(
    '/verify',
    contract('Finish signing in with a code of the app', {
      ...declared,
      access: 'public',
      limits: SECOND_STEP_LIMITS,
      captcha: 'login',
      description: `With the temporary token of the first step, or with e-mail address and password. ${TRIES}`,
      cost: { trips: 5, sequential: 4, rowsRead: 440, rowsWritten: 60, hops: 2, sends: 1 },
      json: VerifyMfaBody,
      answers: { 200: envelope(SignedIn) },
    }),
    async (c) => {
      const { session, captchaToken: _checked, ...input } = c.req.valid('json')
      return ok(c, deliver(c, await signInByTotp(c.get('ctx'), input), session))
    },
  )
  .post(
    '/backup-code',
    contract('Finish signing in with a backup code', {
      ...declared,
      access: 'public',
      limits: SECOND_STEP_LIMITS,
      captcha: 'login',
      description: `Each is good once. With a temporary token, or with e-mail address and password. ${TRIES}`,
      cost: { trips: 5, sequential: 4, rowsRead: 450, rowsWritten: 66, hops: 2, sends: 2 },
      json: BackupSignInBody,
      answers: { 200: envelope(SignedInByBackupCode) },
    }),
    async (c) => {
      const { session, captchaToken: _checked, ...input } = c.req.valid('json')
      return ok(c, deliver(c, await signInByBackupCode(c.get('ctx'), input), session))
    },
  )
