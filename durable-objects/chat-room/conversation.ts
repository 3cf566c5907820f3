import type { RoomCommand } from '../../src/features/chat/commands.ts'
import { isModerator } from '../../src/features/chat/domain/room-rules.ts'
import type { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import type { Doorkeeper } from '../shared/doorkeeper.ts'
import { nack, tooFast } from '../shared/frames.ts'
import { receive } from '../shared/receive.ts'
import type { SessionCheck } from '../shared/session-check.ts'
import { sendLines, type Tick } from '../shared/tick.ts'
import type { Audience } from './audience.ts'
import { refusalToWrite } from './commands/messages.ts'
import type { Pending } from './flush.ts'
import type { RoomParts } from './parts.ts'

/** What comes over the sockets of a room, from a frame to the tick. */
export class Conversation {
  readonly #parts: RoomParts
  readonly #audience: Audience
  readonly #tick: Tick<Pending>
  readonly #sessions: SessionCheck
  readonly #doorkeeper: Doorkeeper
  readonly #onReading: (socket: WebSocket, isReading: boolean) => void

  constructor(
    { sessions, doorkeeper }: { sessions: SessionCheck; doorkeeper: Doorkeeper },
    { parts, audience, tick }: { parts: RoomParts; audience: Audience; tick: Tick<Pending> },
    /** Somebody says that they look at the room, or do so no longer. */
    onReading: (socket: WebSocket, isReading: boolean) => void,
  ) {
    this.#onReading = onReading
    this.#parts = parts
    this.#audience = audience
    this.#tick = tick
    this.#sessions = sessions
    this.#doorkeeper = doorkeeper
  }

  async hear(socket: WebSocket, caller: SocketCaller, raw: string | ArrayBuffer): Promise<void> {
    const waitMs = await this.#doorkeeper.admit(socket, caller, raw)
    if (waitMs === undefined) return
    const { sessionId, userId, username, avatar } = caller
    // From here to the tick nothing is awaited: the order of frames is the order of messages.
    const received = receive(raw, 'room')
    if ('refused' in received) sendLines(socket, received.refused)
    else if ('typing' in received) this.#type(userId, username, received.typing, waitMs)
    else if ('reading' in received) this.#onReading(socket, received.reading)
    else if (waitMs > 0) sendLines(socket, nack(received.frame.id, tooFast(waitMs)))
    else {
      const { frame, command } = received
      const mayDeleteAny = this.#asksForMore(userId, command) && (await this.#mayDeleteAny(sessionId))
      this.#tick.add({
        by: { userId, username, avatar, mayDeleteAny },
        work: command,
        settle: { by: 'socket', socket, frameId: frame.id },
      })
    }
  }

  /** Nobody is answered. Of who may not write, nobody hears that they are about to. */
  #type(userId: string, username: string, isTyping: boolean, waitMs: number): void {
    const member = waitMs === 0 ? this.#parts.members.find(userId) : undefined
    if (!member || (isTyping && refusalToWrite(this.#parts, member, Date.now()))) return
    this.#audience.type(userId, username, isTyping)
  }

  /** Whether only a permission outside of the room could allow this: then the session is read anew. */
  #asksForMore(userId: string, command: RoomCommand): boolean {
    if (command.event !== 'message:delete') return false
    const member = this.#parts.members.find(userId)
    const row = this.#parts.messages.find(command.data.messageId)
    return row !== undefined && row.author_id !== userId && !(member && isModerator(member.role))
  }

  async #mayDeleteAny(sessionId: string): Promise<boolean> {
    return (await this.#sessions.permissionsOf(sessionId)).includes('delete:content')
  }
}
