import { ApiError } from '../api-error.ts'
import type { CurrentUser, LoginBody, RegisterBody, SignedIn } from '../api-types.ts'
import type { Call } from '../call.ts'
import type { Session } from '../session.ts'
import { type CallSettings, dataOf, removed } from './shared.ts'

export type Registration = Omit<RegisterBody, 'session'>
export type Credentials = Omit<LoginBody, 'session'>

/** `open` calls in nobody's name: whoever signs in as somebody else is nobody until then. */
export function authCalls(open: Call, call: Call, session: Session) {
  const enter = async (answer: Promise<{ data: SignedIn }>): Promise<CurrentUser> => {
    const { data } = await answer
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
      enter(open('POST', '/v1/auth/login', { body: { ...input, session: session.mode }, ...settings })),
    logout: (settings?: CallSettings) => leave(call('POST', '/v1/auth/logout', settings)),
    logoutEverywhere: (settings?: CallSettings) => leave(call('POST', '/v1/auth/logout-all', settings)),
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
