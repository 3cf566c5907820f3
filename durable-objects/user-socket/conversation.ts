import type { ServiceContext } from '../../src/context.ts'
import type { Env } from '../../src/env.ts'
import type { MembersChange, RoomActor } from '../../src/features/chat/commands.ts'
import { findAddress, projectMembers } from '../../src/features/chat/index.ts'
import { currentCall } from '../../src/platform/call.ts'
import type { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import type { Outcome } from '../../src/platform/result.ts'
import { ackData } from '../shared/ack-data.ts'
import type { Doorkeeper } from '../shared/doorkeeper.ts'
import { ack, type ClientFrame, NOT_DONE, nack, tooFast } from '../shared/frames.ts'
import type { Once } from '../shared/idempotency.ts'
import { type Received, receive } from '../shared/receive.ts'
import type { SessionCheck } from '../shared/session-check.ts'
import { sendLines } from '../shared/tick.ts'
import type { RoomAddress } from './leases.ts'

export interface ConversationPorts {
  rooms: Env['CHAT_ROOM']
  sessions: SessionCheck
  doorkeeper: Doorkeeper
  /** For what the databases are asked and told. */
  system: () => ServiceContext
  /** The object of a room that relays to this person. */
  known: (roomId: string) => string | undefined
  /** The person has just joined. */
  follow: (room: RoomAddress) => void
}

type Command = Exclude<Received, { refused: string[] } | { typing: boolean } | { reading: boolean }>

/**
 * What comes over a person's own socket: the same frames as over a room's, each naming its room, and passed on to it.
 * Those of one socket are passed on one after the other, so that they are done in the order in which they came; who
 * says much opens the room's socket.
 */
export class Conversation {
  readonly #ports: ConversationPorts
  readonly #turns = new WeakMap<WebSocket, Promise<void>>()

  constructor(ports: ConversationPorts) {
    this.#ports = ports
  }

  hear(socket: WebSocket, caller: SocketCaller, raw: string | ArrayBuffer): Promise<void> {
    const turn = (this.#turns.get(socket) ?? Promise.resolve()).then(() => this.#answer(socket, caller, raw))
    this.#turns.set(
      socket,
      turn.catch(() => undefined),
    )
    return turn
  }

  async #answer(socket: WebSocket, caller: SocketCaller, raw: string | ArrayBuffer): Promise<void> {
    const waitMs = await this.#ports.doorkeeper.admit(socket, caller, raw)
    if (waitMs === undefined) return
    const received = receive(raw, 'person')
    if ('refused' in received) sendLines(socket, received.refused)
    else if ('typing' in received) await this.#type(caller.userId, received, waitMs)
    // Never of a person's own socket, which belongs to no room.
    else if ('reading' in received) return
    else if (waitMs > 0) sendLines(socket, nack(received.frame.id, tooFast(waitMs)))
    else sendLines(socket, await this.#passOrRefuse(socket, caller, received))
  }

  async #type(userId: string, { typing, roomId }: Extract<Received, { typing: boolean }>, waitMs: number) {
    const objectName = roomId === undefined ? undefined : this.#ports.known(roomId)
    if (waitMs > 0 || objectName === undefined) return
    await this.#room(objectName).type(currentCall(), userId, typing)
  }

  /** Every command is answered, also where it is not known whether it was done. */
  async #passOrRefuse(socket: WebSocket, caller: SocketCaller, command: Command): Promise<string[]> {
    try {
      return await this.#pass(socket, caller, command)
    } catch (error) {
      this.#ports.system().log.error('Command Failed', { event: command.command.event, error })
      return nack(command.frame.id, NOT_DONE)
    }
  }

  /** Answers the lines that acknowledge it. */
  async #pass(socket: WebSocket, caller: SocketCaller, { frame, command, roomId }: Command): Promise<string[]> {
    if (roomId === undefined) return nack(frame.id, { code: 'VALIDATION_FAILED', message: 'roomId: Name the room' })
    const objectName = await this.#addressOf(caller.userId, roomId)
    if (objectName === undefined) return nack(frame.id, { code: 'NOT_FOUND', message: 'Room not found' })
    const mayDeleteAny = command.event === 'message:delete' && (await this.#mayDeleteAny(caller.sessionId))
    // The session may have ended while this waited for its turn.
    if (socket.readyState !== WebSocket.OPEN) return []
    const { userId, username, avatar } = caller
    const by: RoomActor = { userId, username, avatar, mayDeleteAny }
    // RPC's types lose a value that may be anything.
    const answer = (await this.#room(objectName).act(currentCall(), by, command)) as Outcome<Once<unknown>>
    if (!answer.ok) {
      const { code, message, retryAfterSeconds } = answer
      return nack(frame.id, { code, message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) })
    }
    const { value: result } = answer.value
    if (command.event === 'room:join') this.#ports.follow({ roomId, objectName })
    if (changesMembers(command.event)) await this.#project(result as MembersChange)
    return acknowledged(frame.id, command.event, result)
  }

  /**
   * D1 knows of it before the person is told, because they may come with a request at once. Where that fails it was done
   * all the same, and the room's event says it again.
   */
  async #project(change: MembersChange): Promise<void> {
    if (!change) return
    const system = this.#ports.system()
    await projectMembers(system, change).catch((error: unknown) => system.log.warn('Projection Delayed', { error }))
  }

  async #addressOf(userId: string, roomId: string): Promise<string | undefined> {
    return this.#ports.known(roomId) ?? (await findAddress(this.#ports.system().core.db, userId, roomId))?.objectName
  }

  async #mayDeleteAny(sessionId: string): Promise<boolean> {
    return (await this.#ports.sessions.permissionsOf(sessionId)).includes('delete:content')
  }

  #room(objectName: string) {
    return this.#ports.rooms.getByName(objectName)
  }
}

function acknowledged(id: ClientFrame['id'], event: Command['command']['event'], value: unknown): string[] {
  return [ack(id, { success: true, ...ackData(event, value) })]
}

const CHANGES_MEMBERS: ReadonlySet<string> = new Set(['room:join', 'room:leave', 'member:remove', 'member:ban'])

function changesMembers(event: string): boolean {
  return CHANGES_MEMBERS.has(event)
}
