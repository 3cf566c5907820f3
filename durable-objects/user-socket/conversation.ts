import type { ServiceContext } from '../../src/context.ts'
import type { Env } from '../../src/env.ts'
import type { MembersChange, RoomActor } from '../../src/features/chat/commands.ts'
import { findAddress, projectMembers } from '../../src/features/chat/index.ts'
import { currentCall } from '../../src/platform/call.ts'
import type { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import type { Outcome } from '../../src/platform/result.ts'
import { ackData } from '../shared/ack-data.ts'
import type { Doorkeeper } from '../shared/doorkeeper.ts'
import { ack, type ClientFrame, nack, tooFast } from '../shared/frames.ts'
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

type Command = Exclude<Received, { refused: string[] } | { typing: boolean }>

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
    const received = receive(raw)
    if ('refused' in received) sendLines(socket, received.refused)
    else if ('typing' in received) await this.#type(caller.userId, received, waitMs)
    else sendLines(socket, waitMs > 0 ? nack(received.frame.id, tooFast(waitMs)) : await this.#pass(caller, received))
  }

  async #type(userId: string, { typing, roomId }: Extract<Received, { typing: boolean }>, waitMs: number) {
    const objectName = roomId === undefined ? undefined : this.#ports.known(roomId)
    if (waitMs > 0 || objectName === undefined) return
    await this.#room(objectName).type(currentCall(), userId, typing)
  }

  /** Answers the lines that acknowledge it. */
  async #pass(caller: SocketCaller, { frame, command, roomId }: Command): Promise<string[]> {
    if (roomId === undefined) return nack(frame.id, { code: 'VALIDATION_FAILED', message: 'roomId: Name the room' })
    const objectName = await this.#addressOf(caller.userId, roomId)
    if (objectName === undefined) return nack(frame.id, { code: 'NOT_FOUND', message: 'Room not found' })
    const mayDeleteAny = command.event === 'message:delete' && (await this.#mayDeleteAny(caller.sessionId))
    const { userId, username, avatar } = caller
    const by: RoomActor = { userId, username, avatar, mayDeleteAny }
    // RPC's types lose a value that may be anything.
    const answer = (await this.#room(objectName).act(currentCall(), by, command)) as Outcome<Once<unknown>>
    if (!answer.ok) return nack(frame.id, { code: answer.code, message: answer.message })
    const { value: result } = answer.value
    if (command.event === 'room:join') await this.#joined({ roomId, objectName }, result as MembersChange)
    return acknowledged(frame.id, command.event, result)
  }

  /** D1 knows of it before the person is told, because they may come with a request at once. */
  async #joined(room: RoomAddress, change: MembersChange): Promise<void> {
    this.#ports.follow(room)
    if (change) await projectMembers(this.#ports.system(), change)
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
