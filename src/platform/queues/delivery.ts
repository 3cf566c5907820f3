import type { Clock } from '../clock.ts'
import type { Step } from '../db/commit.ts'
import type { EventEnvelope } from '../events.ts'
import type { Once } from './subscriber.ts'

/** One message on its way through its handler: carries the mark that it was handled into the commit of its effect. */
export class Delivery {
  readonly subscriber: string
  readonly event: EventEnvelope
  readonly once: Once
  readonly #clock: Clock
  #isMarked = false

  constructor(subscriber: { name: string; once: Once }, event: EventEnvelope, clock: Clock) {
    this.subscriber = subscriber.name
    this.once = subscriber.once
    this.event = event
    this.#clock = clock
  }

  /** For a commit to the subscriber's own store; nothing once a commit has carried it. */
  mark(): Step[] {
    if (this.#isMarked) return []
    const handledAt = this.#clock()
    const { id: eventId, occurredAt } = this.event
    return [{ handled: { subscriber: this.subscriber, eventId, handledAt, occurredAt } }]
  }

  marked(): void {
    this.#isMarked = true
  }

  get isMarked(): boolean {
    return this.#isMarked
  }
}
