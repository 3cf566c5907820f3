import type { CurrentUser, FinishLinkBody, MfaRequired } from '../api-types.ts'
import type { Call } from '../call.ts'
import type { Session } from '../session.ts'
import { type CallSettings, dataOf, removed } from './shared.ts'

/** Signing in by whom one has an account with. `open` calls in nobody's name. */
export function providerCalls(open: Call, call: Call, session: Session) {
  return {
    list: (settings?: CallSettings) => dataOf(open('GET', '/v1/auth/providers', settings)),
    /** Where to send the browser. It comes back with what `finish` takes, in the same browser. */
    begin: (provider: string, settings?: CallSettings) =>
      dataOf(open('POST', '/v1/auth/providers/{provider}/begin', { params: { provider }, ...settings })),
    /** Who is signed in now; or what the second step needs, where the account asks for one. */
    finish: async (returned: FinishLinkBody, settings?: CallSettings): Promise<CurrentUser | MfaRequired> => {
      const body = { ...returned, session: session.mode }
      const { data } = await open('POST', '/v1/auth/providers/finish', { body, ...settings })
      if ('requiresMfa' in data) return data
      session.adopt(data)
      return data.user
    },
    linked: (settings?: CallSettings) => dataOf(call('GET', '/v1/auth/providers/linked', settings)),
    beginLink: (provider: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/providers/{provider}/begin-link', { params: { provider }, ...settings })),
    finishLink: (returned: FinishLinkBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/providers/finish-link', { body: returned, ...settings })),
    unlink: (provider: string, settings?: CallSettings) =>
      removed(call('DELETE', '/v1/auth/providers/{provider}/link', { params: { provider }, ...settings })),
  }
}
