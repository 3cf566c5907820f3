import { POLICIES, scaledRule } from '../../src/platform/rate-limit/policies.ts'
import type { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import { CLOSE, isOversize, MAX_FRAME_BYTES } from './frames.ts'
import type { SessionCheck } from './session-check.ts'
import { Throttle } from './throttle.ts'

/** Whether a frame is heard at all: by its size, its sender's session, and how fast they speak. */
export class Doorkeeper {
  readonly #sessions: SessionCheck
  readonly #throttle: Throttle

  /** `scale` is `RATE_LIMIT_SCALE`. */
  constructor(sessions: SessionCheck, scale: number) {
    this.#sessions = sessions
    this.#throttle = new Throttle(scaledRule(POLICIES['room-commands'], scale))
  }

  /**
   * Milliseconds that the sender has to wait, 0 where the frame may go on; undefined where the socket was closed. Frames
   * come out in the order in which they went in: those of a session that is being looked at wait for the one look.
   */
  async admit(
    socket: WebSocket,
    { sessionId, userId }: SocketCaller,
    raw: string | ArrayBuffer,
  ): Promise<number | undefined> {
    if (isOversize(raw)) {
      socket.close(CLOSE.tooLarge, `A frame has at most ${MAX_FRAME_BYTES} bytes`)
      return undefined
    }
    if (!this.#sessions.isTrusted(sessionId) && !(await this.#sessions.look(sessionId))) {
      socket.close(CLOSE.sessionEnded, 'The session has ended')
      return undefined
    }
    // It may have been closed while this frame waited: who has signed out is not heard any more.
    if (socket.readyState !== WebSocket.OPEN) return undefined
    const waitMs = this.#throttle.take(userId, Date.now())
    if (waitMs !== 'abuse') return waitMs
    socket.close(CLOSE.abuse, 'Too many frames')
    return undefined
  }
}
