import { ApiError } from '../api-error.ts'
import type {
  BackupSignInBody,
  CurrentUser,
  LoginBody,
  MfaRequired,
  RegisterBody,
  SignedIn,
  StepUpBody,
  VerifyMfaBody,
} from '../api-types.ts'
import type { Call } from '../call.ts'
import type { Session } from '../session.ts'
import { type CallSettings, dataOf, removed } from './shared.ts'

export type Registration = Omit<RegisterBody, 'session'>
export type Credentials = Omit<LoginBody, 'session'>
/** The second step, by what the first one gave or with both factors at once. */
export type SecondStep = Omit<VerifyMfaBody, 'session'>
export type BackupSecondStep = Omit<BackupSignInBody, 'session'>

/** `open` calls in nobody's name: whoever signs in as somebody else is nobody until then. */
export function authCalls(open: Call, call: Call, session: Session) {
  const enter = async (answer: Promise<{ data: SignedIn }>): Promise<CurrentUser> => {
    const { data } = await answer
    session.adopt(data)
    return data.user
  }
  /** Who is signed in now; or what the second step needs, where the account asks for one. */
  const enterOrGoOn = async (answer: Promise<{ data: SignedIn | MfaRequired }>): Promise<CurrentUser | MfaRequired> => {
    const { data } = await answer
    if ('requiresMfa' in data) return data
    session.adopt(data)
    return data.user
  }
  const leave = async (answer: Promise<unknown>): Promise<void> => {
    try {
      await answer
    } catch (error) {
      // A session that is over already is what was asked for.
      if (!(error instanceof ApiError && error.status === 401)) throw error
    }
    session.end()
  }
  return {
    register: (input: Registration, settings?: CallSettings) =>
      enter(open('POST', '/v1/auth/register', { body: { ...input, session: session.mode }, ...settings })),
    login: (input: Credentials, settings?: CallSettings) =>
      enterOrGoOn(open('POST', '/v1/auth/login', { body: { ...input, session: session.mode }, ...settings })),
    /** The second step of a sign-in that was answered with `requiresMfa`. */
    verifyMfa: (input: SecondStep, settings?: CallSettings) =>
      enter(open('POST', '/v1/auth/mfa/verify', { body: { ...input, session: session.mode }, ...settings })),
    /** The same by a backup code, which is good once; it answers what is left, too. */
    useBackupCode: async (input: BackupSecondStep, settings?: CallSettings) => {
      const body = { ...input, session: session.mode }
      const { data } = await open('POST', '/v1/auth/mfa/backup-code', { body, ...settings })
      session.adopt(data)
      return { user: data.user, warning: data.warning, backupCodesLeft: data.backupCodesLeft }
    },
    /** Shows anew who is signed in: what wants to know that is open for five minutes then. */
    stepUp: (proof: StepUpBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/step-up', { body: proof, ...settings })),
    /** How to show the widget that a CAPTCHA_REQUIRED asks for. */
    captcha: (settings?: CallSettings) => dataOf(open('GET', '/v1/auth/captcha', settings)),
    logout: (settings?: CallSettings) => leave(call('POST', '/v1/auth/logout', settings)),
    logoutEverywhere: (settings?: CallSettings) => leave(call('POST', '/v1/auth/logout-all', settings)),
    /** Every other session ends; answers how many there were. */
    logoutElsewhere: async (settings?: CallSettings) =>
      (await dataOf(call('POST', '/v1/auth/logout-others', settings))).ended,
    /** For good: the account is gone, and so is this session. */
    deleteAccount: async (settings?: CallSettings): Promise<void> => {
      await call('DELETE', '/v1/auth/me', settings)
      session.end()
    },
    me: (settings?: CallSettings) => dataOf(call('GET', '/v1/auth/me', settings)),
    sessions: (settings?: CallSettings) => dataOf(call('GET', '/v1/auth/sessions', settings)),
    endSession: (id: string, settings?: CallSettings) =>
      removed(call('DELETE', '/v1/auth/sessions/{id}', { params: { id }, ...settings })),
  }
}

export function accountCalls(call: Call) {
  return {
    /** All that is kept of the account, for its owner to take away. */
    data: (settings?: CallSettings) => dataOf(call('GET', '/v1/data', settings)),
  }
}
