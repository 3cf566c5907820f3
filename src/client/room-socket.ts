import { LiveSocket } from './live-socket.ts'
import { type LoadMessages, loadMissed } from './room-history.ts'
import { RoomOutbox } from './room-outbox.ts'
import type { RoomConnection, RoomEvent, RoomListener } from './room-types.ts'
import type { CloseReason, ConnectionState, ServerEvent } from './socket-types.ts'
import type { Message } from './types.ts'

export interface RoomWiring {
  address(since: number | null): Promise<string>
  probe(): Promise<unknown>
  renewSession(): Promise<boolean>
  loadMessages: LoadMessages
}

interface Ack {
  success: boolean
  message?: Message
  error?: { code?: string; message?: string }
}

/** One room's log, told to one listener without a gap, a repeat or a disorder, over as many sockets as it takes. */
export class RoomSocket implements RoomConnection {
  #listener: RoomListener
  #wiring: RoomWiring
  #lastSeq: number | null
  /** Until `room:ready` the server replays; folding its log leaves gaps there on purpose. */
  #isReplaying = true
  /** Events that wait while history is loaded over HTTP; null otherwise. */
  #held: ServerEvent[] | null = null
  #outbox = new RoomOutbox(
    (frame) => this.#socket.send(frame),
    () => this.#socket.restart(),
  )
  #socket: LiveSocket

  constructor(wiring: RoomWiring, listener: RoomListener) {
    this.#wiring = wiring
    this.#listener = listener
    this.#lastSeq = listener.since ?? null
    this.#socket = new LiveSocket({
      address: () => wiring.address(this.#lastSeq),
      probe: () => wiring.probe(),
      renewSession: () => wiring.renewSession(),
      onEvent: (event) => this.#told(event),
      onState: (state, reason) => this.#changed(state, reason),
    })
  }

  send(content: string, clientMessageId: string = crypto.randomUUID()): Promise<Message> {
    return this.#outbox.add(clientMessageId, content)
  }

  close(reason: CloseReason = 'asked'): void {
    this.#socket.close(reason)
  }

  #told(event: ServerEvent): void {
    if (this.#held) this.#held.push(event)
    else this.#handle(event)
  }

  #handle({ event, id, seq, data }: ServerEvent): void {
    if (event === 'ack') this.#acknowledged(id, data as Ack)
    else if (event === 'room:ready') this.#ready((data as { seq: number }).seq)
    else if (event === 'resync') void this.#catchUp((data as { seq: number }).seq)
    else if (seq !== undefined) this.#logged(event, seq, data)
  }

  #acknowledged(id: string | undefined, ack: Ack): void {
    if (ack.success && ack.message) this.#outbox.acknowledge(id, ack.message)
    else this.#outbox.refuse(id, ack.error)
  }

  #logged(event: string, seq: number, data: unknown): void {
    const last = this.#lastSeq
    if (last !== null && seq <= last) return
    // Something was lost on the way; the replay after the last one known brings it.
    if (last !== null && seq > last + 1 && !this.#isReplaying) this.#socket.restart()
    else {
      this.#lastSeq = seq
      if (event === 'message:new') this.#deliver(data as Message)
      else if (isChange(event)) this.#listener.onEvent({ event, seq, data } as RoomEvent)
    }
  }

  #deliver(message: Message): void {
    this.#outbox.acknowledge(message.clientMessageId, message)
    this.#listener.onEvent({ event: 'message:new', seq: message.seq, data: message })
  }

  #ready(seq: number): void {
    // A log that is shorter than what was seen has been restored from a copy: nothing known counts any more.
    if (this.#lastSeq !== null && seq < this.#lastSeq) {
      void this.#catchUp(seq, 'start over')
      return
    }
    this.#lastSeq = seq
    this.#goLive()
  }

  #goLive(): void {
    this.#isReplaying = false
    this.#socket.ready()
    this.#outbox.open()
  }

  async #catchUp(until: number, mode: 'fill the gap' | 'start over' = 'fill the gap'): Promise<void> {
    const { loadMessages } = this.#wiring
    const held: ServerEvent[] = []
    this.#held = held
    try {
      if (mode === 'start over') this.#startOver(await loadMessages({}), held)
      else {
        const missed = await loadMissed(loadMessages, this.#lastSeq ?? until, until)
        if (missed.kind === 'too-many') this.#startOver(missed.newest, held)
        else if (this.#held === held) for (const message of missed.messages) this.#deliver(message)
      }
    } catch {
      if (this.#held === held) this.#socket.restart()
    }
    // A lost connection lets go of what was held: the next one replays it.
    if (this.#held !== held) return
    if (mode === 'start over') this.#goLive()
    else this.#lastSeq = Math.max(this.#lastSeq ?? 0, until)
    for (let event = held.shift(); event && this.#held === held; event = held.shift()) this.#handle(event)
    if (this.#held === held) this.#held = null
  }

  #startOver({ items, nextCursor }: { items: Message[]; nextCursor: string | null }, held: ServerEvent[]): void {
    if (this.#held !== held) return
    this.#lastSeq = items.at(-1)?.seq ?? 0
    for (const message of items) this.#outbox.acknowledge(message.clientMessageId, message)
    this.#listener.onEvent({ event: 'history:reset', data: { messages: items, nextCursor } })
  }

  #changed(state: ConnectionState, reason: CloseReason | null): void {
    if (state !== 'open') {
      this.#isReplaying = true
      this.#held = null
      this.#outbox.pause()
    }
    if (state === 'closed') this.#outbox.giveUp('The conversation was closed before the message was sent')
    this.#listener.onState?.(state, reason)
  }
}

function isChange(event: string): boolean {
  return event === 'message:edited' || event === 'message:deleted'
}
