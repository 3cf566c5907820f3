import type { Message, Reaction } from '../../../src/features/chat/message-schemas.ts'
import type { Line, TestSocket } from '../sockets.ts'

/**
 * A client that keeps a room's messages before somebody's eyes: it loads the history once, follows what it is told,
 * and comes back with the last seq that it has. What a socket may not do is in `faults`.
 */
export class RoomReader {
  readonly #myId: string
  readonly #loadHistory: () => Promise<Message[]>
  readonly faults: string[] = []
  /** Up to where it knows the log; undefined before it has been told anything. */
  lastSeq: number | undefined
  #messages = new Map<string, Message>()
  #socket: TestSocket | undefined
  #taken = 0
  #isReady = false
  #isTaking: Promise<void> = Promise.resolve()

  constructor(myId: string, loadHistory: () => Promise<Message[]>) {
    this.#myId = myId
    this.#loadHistory = loadHistory
  }

  /** As if it had followed the room up to here. */
  know(messages: readonly Message[], lastSeq: number): void {
    this.#messages = new Map(messages.map((message) => [message.id, message]))
    this.lastSeq = lastSeq
  }

  /** A new connection, for which `lastSeq` has been asked as `since`. */
  attach(socket: TestSocket): void {
    this.#socket = socket
    this.#taken = 0
    this.#isReady = false
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** Takes what has come since it was last asked. */
  take(): Promise<void> {
    this.#isTaking = this.#isTaking.then(() => this.#takeAll())
    return this.#isTaking
  }

  /** Oldest first. What stands in other messages than the one that was told of is derived from those. */
  messages(): Message[] {
    const all = [...this.#messages.values()].toSorted((a, b) => a.seq - b.seq)
    return all.map((message) => ({
      ...message,
      replyCount: all.filter(({ threadId }) => threadId === message.id).length,
      replyTo: message.replyTo && {
        ...message.replyTo,
        content: this.#messages.get(message.replyTo.id)?.content ?? null,
      },
    }))
  }

  async #takeAll(): Promise<void> {
    const socket = this.#socket
    for (let line = socket?.lines[this.#taken]; line; line = socket?.lines[this.#taken]) {
      this.#taken += 1
      if (line.event === 'resync') await this.#load(line.data.seq)
      else if (line.event === 'room:ready') await this.#ready(line.data.seq)
      else if (line.seq !== undefined) this.#follow(line, line.seq)
    }
  }

  async #ready(seq: number): Promise<void> {
    if (this.lastSeq === undefined) await this.#load(seq)
    if (this.lastSeq !== undefined && this.lastSeq > seq) this.faults.push(`ready at ${seq}, after ${this.lastSeq}`)
    this.lastSeq = seq
    this.#isReady = true
  }

  async #load(seq: number): Promise<void> {
    const messages = await this.#loadHistory()
    this.know(messages, seq)
  }

  #follow(line: Line, seq: number): void {
    const last = this.lastSeq ?? 0
    // A replay is folded and has gaps on purpose; after it each seq comes once and in its turn.
    if (this.#isReady ? seq !== last + 1 : seq <= last) this.faults.push(`${line.event} ${seq} came after ${last}`)
    this.lastSeq = Math.max(last, seq)
    const { event, data } = line
    if (event === 'message:new') this.#put(data as Message)
    else if (event === 'message:edited') this.#put(data as Message)
    else if (event === 'message:deleted') this.#messages.delete(data.messageId)
    else if (event === 'message:pinned') this.#change(data.messageId, seq, () => ({ isPinned: data.pinned }))
    else if (event === 'message:reaction') {
      this.#change(data.messageId, seq, ({ reactions }) => ({ reactions: this.#reacted(reactions, data) }))
    }
  }

  #put(message: Message): void {
    const known = this.#messages.get(message.id)
    // The history that was loaded may be ahead of the lines.
    if (known && known.changeSeq >= message.changeSeq) return
    const reactions = message.reactions.map((one) => ({
      ...one,
      mine: one.mine ?? known?.reactions.find(({ emoji }) => emoji === one.emoji)?.mine ?? false,
    }))
    this.#messages.set(message.id, { ...message, reactions })
  }

  #change(id: string, seq: number, change: (message: Message) => Partial<Message>): void {
    const known = this.#messages.get(id)
    if (known && known.changeSeq < seq) this.#messages.set(id, { ...known, ...change(known), changeSeq: seq })
  }

  #reacted(
    reactions: Reaction[],
    { emoji, count, userId, added }: { emoji: string; count: number; userId: string; added: boolean },
  ): Reaction[] {
    const known = reactions.find((one) => one.emoji === emoji)
    const mine = userId === this.#myId ? added : (known?.mine ?? false)
    const reacted = { emoji, count, mine }
    if (!known) return [...reactions, reacted]
    return reactions.map((one) => (one === known ? reacted : one)).filter((one) => one.count > 0)
  }
}
