import { ApiError } from './api-error.ts'
import type { CurrentUser, SignedIn } from './api-types.ts'
import { sleep } from './backoff.ts'
import type { CookieMarker } from './cookie-marker.ts'
import type { Answer, CallOptions, Http } from './http.ts'
import { aloneTab, type Channel, joinTabs } from './tabs.ts'
import { tell } from './tell.ts'

/** Where the refresh token lives: in an HttpOnly cookie, or with the program. */
export type SessionMode = 'body' | 'cookie'

/**
 * The server answers a repeated refresh with the same successor for ten seconds. All tries fit into that, so a lost
 * answer is asked for again and never looks like a stolen token.
 */
const TRIES = [
  { waitMs: 0, timeoutMs: 4_000 },
  { waitMs: 300, timeoutMs: 2_500 },
  { waitMs: 700, timeoutMs: 2_000 },
]
/** An access token this close to its end is renewed before it is used. */
const MARGIN_MS = 10_000

/** What another tab has got comes within milliseconds; where it has got nothing, nothing comes. */
const NEWS_WAIT_MS = 20
const NEWS_WAITS = 10

type Held = { accessToken: string; expiresAtMs: number; user: CurrentUser }
type Note = { kind: 'held'; held: Held } | { kind: 'ended' }

export interface SessionOptions {
  http: Http
  mode: SessionMode
  /** Of a `cookie` session. */
  marker: CookieMarker
  refreshToken?: string | undefined
  /** Called with each new refresh token of a `body` session, and with null when it ends. */
  onRefreshToken?: ((token: string | null) => void) | undefined
}

function sessionOver(): ApiError {
  return new ApiError({ status: 401, code: 'UNAUTHENTICATED', message: 'The session has ended' })
}

/** Who is signed in. The access token stays in memory; in `cookie` mode the refresh token is never seen here. */
export class Session {
  readonly mode: SessionMode
  #http: Http
  #marker: CookieMarker
  #held: Held | null = null
  #refreshToken: string | null
  #onRefreshToken: (token: string | null) => void
  #refreshing: Promise<boolean> | null = null
  /** Raised by every sign-in and sign-out, so that a refresh that was under way cannot undo it. */
  #epoch = 0
  #listeners = new Set<(user: CurrentUser | null) => void>()
  #tabs: Channel<Note>

  constructor({ http, mode, marker, refreshToken, onRefreshToken }: SessionOptions) {
    this.mode = mode
    this.#http = http
    this.#marker = marker
    this.#refreshToken = refreshToken ?? null
    this.#onRefreshToken = onRefreshToken ?? (() => {})
    this.#tabs = mode === 'cookie' ? joinTabs('selvage-session', (note) => this.#hear(note)) : aloneTab()
  }

  get user(): CurrentUser | null {
    return this.#held?.user ?? null
  }

  /** Tells of sign-in and sign-out, in other tabs too. Returns the way to stop. */
  onChange(listener: (user: CurrentUser | null) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls in the name of whoever is signed in now, and of nobody who signs in while they are tried again. */
  begin(): Http {
    const userId = this.user?.id
    return (method, path, options = {}) => this.#call(method, path, options, userId)
  }

  /** A token that is refused is renewed once, and the call repeated. */
  async #call<T>(method: string, path: string, options: CallOptions, userId: string | undefined): Promise<Answer<T>> {
    const isSomebodyElse = () => userId !== undefined && this.user?.id !== userId
    if (isSomebodyElse()) throw sessionOver()
    if (this.#held && this.#held.expiresAtMs - Date.now() < MARGIN_MS) await this.refresh()
    const token = this.#held?.accessToken ?? null
    try {
      return await this.#http<T>(method, path, { ...options, token })
    } catch (error) {
      // A wrong code or password is a 401 of another kind: a new token would not make it right.
      if (!(error instanceof ApiError) || error.code !== 'UNAUTHENTICATED' || !token) throw error
      const renewed = this.#held?.accessToken !== token || (await this.refresh())
      if (!renewed || !this.#held || isSomebodyElse()) throw error
      return this.#http<T>(method, path, { ...options, token: this.#held.accessToken })
    }
  }

  /** True: a fresh access token is held. False: the session is over. Rejects when nobody could tell. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refreshOnce().finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  /** Hears of other tabs no more. */
  close(): void {
    this.#tabs.close()
  }

  adopt(grant: SignedIn): void {
    this.#epoch += 1
    this.#take(grant)
  }

  end(): void {
    this.#epoch += 1
    this.#setRefreshToken(null)
    this.#hold(null)
    this.#tabs.tell({ kind: 'ended' })
  }

  async #refreshOnce(): Promise<boolean> {
    if (this.mode === 'body' && !this.#refreshToken) return false
    const before = this.#held?.accessToken
    const epoch = this.#epoch
    return this.#tabs.exclusively(async (hadToWait) => {
      for (let waits = 0; hadToWait && waits < NEWS_WAITS && this.#held?.accessToken === before; waits++) {
        await sleep(NEWS_WAIT_MS)
      }
      // While this tab waited for its turn, another has refreshed and told.
      if (this.#held && this.#held.accessToken !== before) return true
      const grant = await this.#askForGrant()
      if (epoch !== this.#epoch) return this.#held !== null
      if (grant) this.#take(grant)
      else {
        if (this.mode === 'cookie') this.#marker.remove()
        this.end()
      }
      return grant !== null
    })
  }

  async #askForGrant(): Promise<SignedIn | null> {
    // Whoever has no cookie is not told so by an error at every visit.
    if (this.mode === 'cookie' && this.#marker.isAbsent()) return null
    const body = { session: this.mode, ...(this.#refreshToken ? { refreshToken: this.#refreshToken } : {}) }
    let last: unknown
    for (const { waitMs, timeoutMs } of TRIES) {
      if (waitMs) await sleep(waitMs)
      try {
        return (await this.#http<SignedIn>('POST', '/v1/auth/refresh', { body, timeoutMs })).data
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        if (!(error instanceof ApiError) || !error.isUnanswered) throw error
        last = error
      }
    }
    throw last
  }

  #take(grant: SignedIn): void {
    if (grant.refreshToken) this.#setRefreshToken(grant.refreshToken)
    const { accessToken, expiresIn, user } = grant
    const held = { accessToken, expiresAtMs: Date.now() + expiresIn * 1000, user }
    this.#hold(held)
    this.#tabs.tell({ kind: 'held', held })
  }

  #hear(note: Note): void {
    this.#epoch += 1
    this.#hold(note.kind === 'held' ? note.held : null)
  }

  #hold(held: Held | null): void {
    const changed = held?.user.id !== this.#held?.user.id
    this.#held = held
    if (!changed) return
    for (const listener of [...this.#listeners]) tell(() => listener(this.user))
  }

  #setRefreshToken(token: string | null): void {
    if (this.mode === 'cookie' || token === this.#refreshToken) return
    this.#refreshToken = token
    tell(() => this.#onRefreshToken(token))
  }
}
