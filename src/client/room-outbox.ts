import { ApiError, CLIENT_CODES } from './api-error.ts'
import { Timer } from './timer.ts'
import type { Message } from './types.ts'

interface Waiting {
  content: string
  promise: Promise<Message>
  resolve(message: Message): void
  reject(error: ApiError): void
}

/** A connection that is open but leaves a send unanswered this long is no good. */
const ACK_WITHIN_MS = 10_000

/** Sends that nobody has acknowledged, in the order in which they were made. */
export class RoomOutbox {
  #waiting = new Map<string, Waiting>()
  #transmit: (frame: string) => boolean
  #onOverdue: () => void
  #ackDue = new Timer()
  #isOpen = false

  constructor(transmit: (frame: string) => boolean, onOverdue: () => void) {
    this.#transmit = transmit
    this.#onOverdue = onOverdue
  }

  /** The same id while it waits is the same send. */
  add(clientMessageId: string, content: string): Promise<Message> {
    const known = this.#waiting.get(clientMessageId)
    if (known) return known.promise
    const { promise, resolve, reject } = Promise.withResolvers<Message>()
    this.#waiting.set(clientMessageId, { content, promise, resolve, reject })
    if (this.#isOpen) this.#put(clientMessageId, content)
    return promise
  }

  /** A connection is there: everything that is not acknowledged goes out again. */
  open(): void {
    this.#isOpen = true
    for (const [id, { content }] of this.#waiting) this.#put(id, content)
  }

  pause(): void {
    this.#isOpen = false
    this.#ackDue.clear()
  }

  /** No connection will come any more. */
  giveUp(message: string): void {
    this.pause()
    const error = new ApiError({ status: 0, code: CLIENT_CODES.closed, message })
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }

  acknowledge(clientMessageId: string | null | undefined, message: Message): void {
    this.#take(clientMessageId)?.resolve(message)
  }

  refuse(clientMessageId: string | null | undefined, error: { code?: string; message?: string } | undefined): void {
    const code = error?.code ?? CLIENT_CODES.badAnswer
    const message = error?.message ?? 'The message was refused'
    this.#take(clientMessageId)?.reject(new ApiError({ status: 422, code, message }))
  }

  #put(id: string, content: string): void {
    const frame = JSON.stringify({ id, event: 'message:send', data: { content, clientMessageId: id } })
    if (this.#transmit(frame) && !this.#ackDue.isSet) this.#ackDue.set(ACK_WITHIN_MS, this.#onOverdue)
  }

  #take(clientMessageId: string | null | undefined): Waiting | undefined {
    const waiting = clientMessageId ? this.#waiting.get(clientMessageId) : undefined
    if (!clientMessageId || !waiting) return undefined
    this.#waiting.delete(clientMessageId)
    if (this.#isOpen && this.#waiting.size > 0) this.#ackDue.set(ACK_WITHIN_MS, this.#onOverdue)
    else this.#ackDue.clear()
    return waiting
  }
}
