import { ApiError } from '../api-error.ts'
import type { Message, RoomCommands } from '../api-types.ts'
import type { Page } from '../calls/shared.ts'
import { tell } from '../tell.ts'
import type { AckError, AckOf, RoomCommandName } from './commands.ts'
import { isLogged, isMomentary, type RoomEvent } from './events.ts'
import { LiveSocket } from './live-socket.ts'
import { Outbox } from './outbox.ts'
import type { RoomConnection, RoomListener, SendOptions } from './room-types.ts'
import type { CloseReason, ConnectionState, ServerEvent } from './socket-types.ts'

export interface RoomWiring {
  address(since: number | null, isReading: boolean): Promise<string>
  probe(): Promise<unknown>
  renewSession(): Promise<boolean>
  loadNewest(): Promise<Page<Message>>
  onClosed(): void
}

type Ack = { success: boolean; error?: AckError }

/** Who does not say so again within five seconds has stopped. */
const TYPING_AGAIN_MS = 3_000

/** One room's log, told to one listener without a gap, a repeat or a disorder, over as many sockets as it takes. */
export class RoomSocket implements RoomConnection {
  readonly #listener: RoomListener
  readonly #wiring: RoomWiring
  #lastSeq: number | null
  /** Until `room:ready` the server replays; folding its log leaves gaps there on purpose. */
  #isReplaying = true
  /** Events that wait while history is loaded over HTTP; null otherwise. */
  #held: ServerEvent[] | null = null
  /** Messages up to this were in the history that was loaded. */
  #loadedSeq = 0
  #typingSaidAt: number | null = null
  #isReading: boolean
  /** What the server was told of that, with this connection. */
  #saidReading = true
  readonly #outbox = new Outbox(
    (frame) => this.#socket.send(frame),
    () => this.#socket.restart(),
  )
  readonly #socket: LiveSocket

  constructor(wiring: RoomWiring, listener: RoomListener) {
    this.#wiring = wiring
    this.#listener = listener
    this.#lastSeq = listener.since ?? null
    this.#isReading = listener.isReading ?? true
    this.#socket = new LiveSocket({
      address: () => {
        this.#saidReading = this.#isReading
        return wiring.address(this.#lastSeq, this.#isReading)
      },
      probe: () => wiring.probe(),
      renewSession: () => wiring.renewSession(),
      onEvent: (event) => this.#told(event),
      onState: (state, reason) => this.#changed(state, reason),
    })
  }

  async send(content: string, { clientMessageId = crypto.randomUUID(), replyTo }: SendOptions = {}): Promise<Message> {
    const data = { content, clientMessageId, ...(replyTo ? { replyTo } : {}) }
    return (await this.command('message:send', data)).message
  }

  /** Of a message, its own id is the frame's too: said twice it is one. What an acknowledgement holds the event says. */
  async command<N extends RoomCommandName>(event: N, data: RoomCommands[N]): Promise<AckOf<N>> {
    const id = ('clientMessageId' in data && data.clientMessageId) || crypto.randomUUID()
    const said = event === 'message:send' ? { ...data, clientMessageId: id } : data
    if (event === 'message:send') this.#typingSaidAt = null
    return (await this.#outbox.add(id, event, said)) as AckOf<N>
  }

  typing(isTyping: boolean): void {
    const now = Date.now()
    const isNews = isTyping
      ? this.#typingSaidAt === null || now - this.#typingSaidAt > TYPING_AGAIN_MS
      : this.#typingSaidAt !== null
    if (!isNews) return
    this.#socket.send(JSON.stringify({ id: 0, event: isTyping ? 'typing:start' : 'typing:stop', data: {} }))
    this.#typingSaidAt = isTyping ? now : null
  }

  reading(isReading: boolean): void {
    this.#isReading = isReading
    this.#tellReading()
  }

  close(reason: CloseReason = 'asked'): void {
    this.#socket.close(reason)
  }

  #tellReading(): void {
    const isReading = this.#isReading
    if (isReading === this.#saidReading) return
    const frame = { id: 0, event: isReading ? 'reading:start' : 'reading:stop', data: {} }
    if (this.#socket.send(JSON.stringify(frame))) this.#saidReading = isReading
  }

  #told(event: ServerEvent): void {
    if (this.#held) this.#held.push(event)
    else this.#handle(event)
  }

  #handle({ event, id, seq, data }: ServerEvent): void {
    if (event === 'ack') this.#acknowledged(id, data as Ack)
    else if (event === 'resync') void this.#startOver((data as { seq: number }).seq)
    else if (seq !== undefined) this.#logged(event, seq, data)
    else if (isMomentary(event)) {
      if (event === 'room:ready') this.#ready((data as { seq: number }).seq)
      this.#tell({ event, data } as RoomEvent)
    }
  }

  #acknowledged(id: unknown, { success, error, ...ack }: Ack): void {
    if (success) this.#outbox.acknowledge(id, ack)
    else this.#outbox.refuse(id, error ?? {})
  }

  #logged(event: string, seq: number, data: unknown): void {
    const last = this.#lastSeq
    if (last !== null && seq <= last) return
    if (last !== null && seq > last + 1 && !this.#isReplaying) {
      // Something was lost on the way; the replay after the last one known brings it.
      this.#socket.restart()
      return
    }
    this.#lastSeq = seq
    if (event === 'message:new') this.#acknowledgedBy(data as Message)
    const isKnown = event === 'message:new' && seq <= this.#loadedSeq
    if (isLogged(event) && !isKnown) this.#tell({ event, seq, data } as RoomEvent)
  }

  /** A message that is there was heard, whatever became of its acknowledgement. */
  #acknowledgedBy(message: Message): void {
    this.#outbox.acknowledge(message.clientMessageId, { message })
  }

  #ready(seq: number): void {
    this.#lastSeq = Math.max(this.#lastSeq ?? 0, seq)
    this.#isReplaying = false
    this.#socket.ready()
    this.#tellReading()
    this.#outbox.open()
  }

  /** Too much was missed, or the log is another one than it was. What comes meanwhile waits for the newest page. */
  async #startOver(seq: number): Promise<void> {
    const held: ServerEvent[] = []
    this.#held = held
    try {
      const { items, nextCursor } = await this.#wiring.loadNewest()
      if (this.#held !== held) return
      const since = this.#lastSeq
      this.#lastSeq = seq
      this.#loadedSeq = items.at(-1)?.seq ?? 0
      for (const message of items) this.#acknowledgedBy(message)
      this.#tell({ event: 'history:reset', data: { messages: items, nextCursor, since } })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (this.#held === held) this.#socket.restart()
    }
    // A lost connection lets go of what was held: the next one replays it.
    for (let event = held.shift(); event && this.#held === held; event = held.shift()) this.#handle(event)
    if (this.#held === held) this.#held = null
  }

  #changed(state: ConnectionState, reason: CloseReason | null): void {
    if (state !== 'open') {
      this.#isReplaying = true
      this.#held = null
      this.#typingSaidAt = null
      this.#outbox.pause()
    }
    if (state === 'closed') {
      this.#outbox.giveUp()
      this.#wiring.onClosed()
    }
    tell(() => this.#listener.onState?.(state, reason))
  }

  /** That an event has the shape that its name says is the server's promise. */
  #tell(event: RoomEvent): void {
    tell(() => this.#listener.onEvent(event))
  }
}
