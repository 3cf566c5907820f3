import { callerOf, isReading, noteReading, wasHeardLately } from '../shared/sockets.ts'
import type { Audience } from './audience.ts'
import type { Member } from './members.ts'
import type { RoomParts } from './parts.ts'
import { tellSeen } from './unseen.ts'

/** How far members have read, as their sockets tell: what comes while nobody looks is news until somebody does. */
export class Reading {
  readonly #state: DurableObjectState
  readonly #parts: RoomParts
  readonly #audience: Audience
  readonly #transact: (work: () => void) => void

  constructor(state: DurableObjectState, parts: RoomParts, audience: Audience, transact: (work: () => void) => void) {
    this.#state = state
    this.#parts = parts
    this.#audience = audience
    this.#transact = transact
  }

  /** From here on what comes is read as it comes, or is news until somebody looks again. */
  heed(socket: WebSocket, isReadingNow: boolean): void {
    if (!isReadingNow) this.note(socket)
    noteReading(socket, isReadingNow)
    const member = isReadingNow ? this.#parts.members.find(callerOf(socket).userId) : undefined
    if (member) this.readAll(member)
  }

  readAll(member: Member): void {
    const { lastSeq } = this.#parts.log
    this.#transact(() => tellSeen(this.#parts, member, lastSeq))
    if (member.seen_seq < lastSeq) this.#audience.tellReader(member.user_id, lastSeq)
  }

  /** Up to now they have read. Who has not been heard of for a while has not seen what came since. */
  note(socket: WebSocket): void {
    if (!isReading(socket) || !wasHeardLately(this.#state, socket)) return
    this.#parts.watermarks.see([callerOf(socket).userId], this.#parts.log.lastSeq)
  }
}
