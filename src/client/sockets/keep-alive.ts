import { Timer } from './timer.ts'

const PING_EVERY_MS = 25_000
const PONG_WITHIN_MS = 8_000

/** Finds out that the peer of an open socket is gone, which TCP alone may not tell for many minutes. */
export class KeepAlive {
  #ping: () => void
  #onDead: () => void
  #next = new Timer()
  #pongDue = new Timer()

  constructor(ping: () => void, onDead: () => void) {
    this.#ping = ping
    this.#onDead = onDead
  }

  /** Any frame proves that the peer lives. */
  heard(): void {
    this.#pongDue.clear()
    this.#next.set(PING_EVERY_MS, () => this.ask())
  }

  /** Asks now; silence until `withinMs` is over means dead. */
  ask(withinMs = PONG_WITHIN_MS): void {
    this.#ping()
    if (!this.#pongDue.isSet) this.#pongDue.set(withinMs, this.#onDead)
  }

  stop(): void {
    this.#next.clear()
    this.#pongDue.clear()
  }
}
