import type { FigureCounter, SocketKind } from '../../src/platform/observability/figure-counter.ts'
import { openSockets } from './sockets.ts'

/**
 * Tells the figures how many sockets an object has open, where that has changed since this instance told last. It is
 * always the whole number: what was lost with an isolate is made good by the next word.
 */
export class SocketTally {
  readonly #state: DurableObjectState
  readonly #figures: FigureCounter
  readonly #kind: SocketKind
  #told: number | undefined

  constructor(state: DurableObjectState, figures: FigureCounter, kind: SocketKind) {
    this.#state = state
    this.#figures = figures
    this.#kind = kind
  }

  /** One that has just ended may still look open. */
  look(ended?: WebSocket): void {
    const count = openSockets(this.#state).filter((socket) => socket !== ended).length
    if (count === this.#told) return
    this.#told = count
    this.#figures.sockets(this.#kind, this.#state.id.toString(), count)
  }
}
