import { ApiError } from './api-error.ts'
import { createCall } from './call.ts'
import { workCalls } from './calls/work.ts'
import type { Http } from './http.ts'

export interface KeyClientOptions {
  /** The origin of the API, such as `http://localhost:8787`. */
  baseUrl: string
  /** `slv_…`, as the answer that made it showed it. It stays in memory, and goes to the API alone. */
  apiKey: string
  session?: never
}

/** Of a program with an API key: what a key may call. It has no session, and what needs one is not there. */
export type KeyClient = ReturnType<typeof makeCalls>

const FORM = /^slv_[0-9a-f]{32}_[\w-]{43}$/

/** @throws TypeError where the text is no key of this API; it does not say what it is */
export function createKeyClient(http: Http, apiKey: string): KeyClient {
  if (!FORM.test(apiKey)) throw new TypeError('apiKey must be an API key as it was made: slv_…, without spaces')
  const send: Http = (method, path, options = {}) => http(method, path, { ...options, token: apiKey })
  return Object.assign(
    makeCalls(createCall(() => send)),
    // For programs without types: a socket lives as long as a session, and there is none.
    { openRoom: refuseSocket, openUserSocket: refuseSocket },
  )
}

function makeCalls(call: ReturnType<typeof createCall>) {
  return {
    /** Every operation of the API; what needs a session is refused with `SESSION_REQUIRED`. */
    call,
    ...workCalls(call),
    /** Nothing of it keeps a program alive. Here so that a program can close either kind of client. */
    close: (): void => {},
  }
}

function refuseSocket(): never {
  const message = 'An API key opens no socket: sign in instead (createClient with session)'
  throw new ApiError({ status: 403, code: 'SESSION_REQUIRED', message })
}
