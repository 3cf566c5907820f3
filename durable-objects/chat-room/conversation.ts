import type { Env } from '../../src/env.ts'
import type { RoomCommand } from '../../src/features/chat/commands.ts'
import { isModerator } from '../../src/features/chat/domain/room-rules.ts'
import { isolateOf } from '../../src/isolate.ts'
import { POLICIES, scaledRule } from '../../src/platform/rate-limit/policies.ts'
import type { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import { CLOSE, isOversize, MAX_FRAME_BYTES, nack, tooFast } from '../shared/frames.ts'
import { receive } from '../shared/receive.ts'
import { SessionCheck } from '../shared/session-check.ts'
import { Throttle } from '../shared/throttle.ts'
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
  readonly #throttle: Throttle

  constructor(env: Env, parts: RoomParts, audience: Audience, tick: Tick<Pending>) {
    const { log, settings } = isolateOf(env)
    this.#parts = parts
    this.#audience = audience
    this.#tick = tick
    this.#sessions = new SessionCheck(env.DB, log)
    this.#throttle = new Throttle(scaledRule(POLICIES['room-commands'], settings.RATE_LIMIT_SCALE))
  }

  /** The upgrade has just checked it. */
  trust(sessionId: string): void {
    this.#sessions.trust(sessionId)
  }

  async hear(socket: WebSocket, caller: SocketCaller, raw: string | ArrayBuffer): Promise<void> {
    if (isOversize(raw)) {
      socket.close(CLOSE.tooLarge, `A frame has at most ${MAX_FRAME_BYTES} bytes`)
      return
    }
    const { sessionId, userId, username, avatar } = caller
    if (!this.#sessions.isTrusted(sessionId) && !(await this.#sessions.look(sessionId))) {
      socket.close(CLOSE.sessionEnded, 'The session has ended')
      return
    }
    const waitMs = this.#throttle.take(userId, Date.now())
    if (waitMs === 'abuse') {
      socket.close(CLOSE.abuse, 'Too many frames')
      return
    }
    // From here to the tick nothing is awaited: the order of frames is the order of messages.
    const received = receive(raw)
    if ('refused' in received) sendLines(socket, received.refused)
    else if ('typing' in received) this.#type(userId, username, received.typing, waitMs)
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
