import { ApiError } from '../api-error.ts'
import { backoffMs } from '../backoff.ts'
import { KeepAlive } from './keep-alive.ts'
import { openPlainSocket, type PlainSocket } from './plain-socket.ts'
import {
  CLOSE_CODES,
  type CloseReason,
  type ConnectionState,
  type LiveSocketOptions,
  type ServerEvent,
} from './socket-types.ts'
import { Timer } from './timer.ts'
import { onWake } from './wake.ts'

/** A connection that held this long was a good one: the next loss starts the backoff anew. */
const STABLE_AFTER_MS = 5_000
const OPEN_WITHIN_MS = 10_000
const WAKE_PONG_WITHIN_MS = 3_000
const REFUSALS_BEFORE_PROBE = 2
/** For those who were sent away for a reason: said too much, or gave up a place that another connection needed. */
const LONG_PAUSE_MS = 30_000

/** A socket that comes back by itself until it is closed or has no right to. Knows frames, not what they mean. */
export class LiveSocket {
  #options: LiveSocketOptions
  #socket: PlainSocket | null = null
  #state: ConnectionState = 'connecting'
  /** Raised whenever the present try or socket is given up, so that its late callbacks fall silent. */
  #turn = 0
  #attempt = 0
  #refusals = 0
  /** What is waited for next: the pause before a try, the opening, or the proof of a stable connection. */
  #timer = new Timer()
  #keepAlive = new KeepAlive(
    () => this.send('ping'),
    () => this.restart(),
  )
  #stopWake = onWake(() => this.#wake())

  constructor(options: LiveSocketOptions) {
    this.#options = options
    void this.#connect()
  }

  /** False when there is no connection to send on. */
  send(text: string): boolean {
    if (!this.#socket?.isOpen) return false
    this.#socket.send(text)
    return true
  }

  /** The owner has what it needs from a new connection. */
  ready(): void {
    this.#setState('open')
  }

  /** Gives the connection up and makes another, after a pause. */
  restart(leastMs = 0): void {
    if (this.#state === 'closed') return
    this.#drop()
    this.#setState('reconnecting')
    this.#timer.set(leastMs + backoffMs(this.#attempt++), () => void this.#connect())
  }

  close(reason: CloseReason = 'asked'): void {
    if (this.#state === 'closed') return
    this.#drop()
    this.#stopWake()
    this.#setState('closed', reason)
  }

  async #connect(): Promise<void> {
    const turn = ++this.#turn
    try {
      if (this.#refusals >= REFUSALS_BEFORE_PROBE) await this.#options.probe?.()
      const address = await this.#options.address()
      if (turn === this.#turn) this.#open(address)
    } catch (error) {
      if (turn !== this.#turn) return
      const status = error instanceof ApiError ? error.status : 0
      if (status === 401) this.close('session-ended')
      else if (status === 403 || status === 404) this.close('not-found')
      else this.restart()
    }
  }

  #open(address: string): void {
    this.#timer.set(OPEN_WITHIN_MS, () => this.restart())
    this.#socket = openPlainSocket(address, {
      onOpen: () => {
        this.#refusals = 0
        this.#timer.set(STABLE_AFTER_MS, () => {
          this.#attempt = 0
        })
        this.#keepAlive.heard()
        this.#options.onOpen?.()
      },
      onText: (text) => {
        this.#keepAlive.heard()
        if (text !== 'pong') this.#read(text, this.#turn)
      },
      onGone: (code, wasOpen) => {
        if (!wasOpen) this.#refusals += 1
        this.#gone(code)
      },
    })
  }

  #gone(code: number): void {
    if (code === CLOSE_CODES.removed) this.close('removed')
    else if (code === CLOSE_CODES.left) this.close('left')
    else if (code === CLOSE_CODES.sessionEnded) void this.#renew()
    else this.restart(code === CLOSE_CODES.gaveWay || code === CLOSE_CODES.tooMuch ? LONG_PAUSE_MS : 0)
  }

  #read(frame: string, turn: number): void {
    for (const line of frame.split('\n')) {
      const event = parse(line)
      // The line before may have closed or restarted the connection.
      if (event && turn === this.#turn) this.#options.onEvent(event)
    }
  }

  async #renew(): Promise<void> {
    this.restart()
    const goesOn = await this.#options.renewSession().catch(() => true)
    if (!goesOn) this.close('session-ended')
  }

  /** The network is back or the page is looked at: do not sit out the pause, and do not trust the socket. */
  #wake(): void {
    if (this.#socket?.isOpen) this.#keepAlive.ask(WAKE_PONG_WITHIN_MS)
    if (this.#socket || this.#state !== 'reconnecting') return
    this.#drop()
    void this.#connect()
  }

  #drop(): void {
    this.#turn += 1
    this.#timer.clear()
    this.#keepAlive.stop()
    this.#socket?.drop()
    this.#socket = null
  }

  #setState(state: ConnectionState, reason: CloseReason | null = null): void {
    if (state === this.#state) return
    this.#state = state
    this.#options.onState(state, reason)
  }
}

/** Undefined for what is no event: what was lost by that, the next seq tells. */
function parse(line: string): ServerEvent | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    return typeof parsed === 'object' && parsed !== null && 'event' in parsed ? (parsed as ServerEvent) : undefined
  } catch {
    return undefined
  }
}
