import type { Results, RoomActor, Work } from '../../src/features/chat/commands.ts'
import { notFound, Refusal } from '../../src/platform/errors.ts'
import type { Attempt } from '../../src/platform/idempotency/idempotency.ts'
import { newId } from '../../src/platform/ids.ts'
import { ackData } from '../shared/ack-data.ts'
import { ack, type ClientFrame, NOT_DONE, nack, push } from '../shared/frames.ts'
import type { ObjectIdempotency } from '../shared/idempotency.ts'
import type { Effect } from './commands/effect.ts'
import { refusalToPost } from './commands/messages.ts'
import { perform } from './commands/perform.ts'
import type { Draft, Written } from './log.ts'
import type { Member } from './members.ts'
import type { RoomParts } from './parts.ts'

/** A command that waits for the end of the tick: from a socket, or by RPC. */
export interface Pending {
  by: RoomActor
  work: Work
  settle: Settle
}

type Settle =
  | { by: 'socket'; socket: WebSocket; frameId: ClientFrame['id'] }
  | {
      by: 'call'
      resolve: (result: unknown) => void
      reject: (error: unknown) => void
      attempt: Attempt | undefined
    }

/** What a tick has done, beside what each command is answered. */
export interface Flushed {
  /** For all members, in the order of the log. */
  lines: string[]
  gone: NonNullable<Effect<unknown>['gone']>
  /** Whose new messages are among the lines. */
  senders: string[]
  /** Who has said up to where they have read. */
  reads: NonNullable<Effect<unknown>['read']>[]
  outcomes: (Refusal | { result: unknown })[]
}

/**
 * The writes of one tick, in the order in which they came, in one transaction: sends that follow one another are one
 * statement. A refused command writes nothing and stops no other one.
 */
export function writeAll(parts: RoomParts, idempotency: ObjectIdempotency, pending: readonly Pending[]): Flushed {
  const flushed: Flushed = { lines: [], gone: [], senders: [], reads: [], outcomes: [] }
  for (let from = 0; from < pending.length; ) {
    const sends = sendsFrom(pending, from)
    if (sends.length > 0) writeSends(parts, sends, flushed)
    else writeOne(parts, pending[from] as Pending, flushed)
    from += Math.max(1, sends.length)
  }
  for (const [i, outcome] of flushed.outcomes.entries()) {
    const settle = pending[i]?.settle
    if (settle?.by === 'call' && !(outcome instanceof Refusal)) idempotency.keep(settle.attempt, outcome.result)
  }
  return flushed
}

type Send = Pending & { work: Extract<Work, { event: 'message:send' }> }

function sendsFrom(pending: readonly Pending[], from: number): Send[] {
  const end = pending.findIndex(({ work }, i) => i >= from && work.event !== 'message:send')
  return pending.slice(from, end === -1 ? undefined : end) as Send[]
}

function writeOne(parts: RoomParts, { by, work }: Pending, flushed: Flushed): void {
  if (work.event === 'message:send') return
  const effect = orRefusal(() => perform(parts, by, work))
  if (effect instanceof Refusal) {
    flushed.outcomes.push(effect)
    return
  }
  flushed.lines.push(...effect.lines)
  flushed.gone.push(...(effect.gone ?? []))
  if (effect.read) flushed.reads.push(effect.read)
  flushed.outcomes.push({ result: effect.result })
}

function writeSends(parts: RoomParts, sends: readonly Send[], flushed: Flushed): void {
  const now = Date.now()
  const mayPost = new Map<string, Refusal | undefined>()
  const authors = membersAmong(parts, sends)
  const drafts = sends.map((send) => orRefusal(() => toDraft(parts, authors, send)))
  const good = drafts.filter((draft): draft is Draft => !(draft instanceof Refusal))
  const isSlow = (parts.room.find()?.slow_mode_seconds ?? 0) > 0
  const written = parts.log.append(good, (draft) => {
    if (draft.isParentGone) return notFound('Message')
    const author = authors.get(draft.authorId)
    // A service writes without belonging.
    if (!author) return undefined
    const { user_id: userId } = author
    if (!mayPost.has(userId)) mayPost.set(userId, refusalToPost(parts, author, now))
    const refusal = mayPost.get(userId)
    // In slow mode the first of a tick makes the others wait.
    if (isSlow && !refusal) {
      parts.members.update(userId, { last_sent_at: now })
      mayPost.set(userId, refusalToPost(parts, { ...author, last_sent_at: now }, now))
    }
    return refusal
  })
  let place = 0
  for (const draft of drafts) {
    const outcome = draft instanceof Refusal ? draft : (written[place++] as Written | Refusal)
    flushed.outcomes.push(outcome instanceof Refusal ? outcome : { result: sentMessage(parts, outcome, flushed) })
  }
}

function sentMessage({ messages }: RoomParts, { row, isNew }: Written, flushed: Flushed): Results['message:send'] {
  const message = messages.view(row)
  if (isNew) {
    flushed.lines.push(push('message:new', message, message.seq))
    flushed.senders.push(message.sender.id)
  }
  return { message, isNew }
}

/** Many messages of a tick have few authors, and nothing between them changes who belongs. */
function membersAmong({ members }: RoomParts, sends: readonly Send[]): ReadonlyMap<string, Member> {
  const userIds = [...new Set(sends.map(({ by }) => by.userId))]
  return new Map(members.findAll(userIds).map((member) => [member.user_id, member]))
}

function toDraft(
  { members, messages, room }: RoomParts,
  authors: ReadonlyMap<string, Member>,
  { by, work: { data } }: Send,
): Draft {
  if (by.isService && room.find()) {
    members.addAuthor({ user_id: by.userId, username: by.username, avatar: by.avatar }, newId(), Date.now())
  } else if (!room.find() || !authors.has(by.userId)) throw notFound('Room')
  // A repeat stands for what was stored then, also where the message that it answers was deleted since.
  const parent = data.replyTo === undefined ? undefined : messages.find(data.replyTo)
  return {
    authorId: by.userId,
    username: by.username,
    avatar: by.avatar,
    content: data.content,
    clientMessageId: data.clientMessageId ?? null,
    parent,
    isParentGone: data.replyTo !== undefined && !parent,
  }
}

function orRefusal<T>(run: () => T): T | Refusal {
  try {
    return run()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** Each socket's own acknowledgements; calls are resolved. */
export function settleAll(pending: readonly Pending[], outcomes: Flushed['outcomes']): Map<WebSocket, string[]> {
  const acks = new Map<WebSocket, string[]>()
  for (const [i, { work, settle }] of pending.entries()) {
    const outcome = outcomes[i]
    if (!outcome) continue
    if (settle.by === 'call') {
      if (outcome instanceof Refusal) settle.reject(outcome)
      else settle.resolve(outcome.result)
      continue
    }
    const lines = acks.get(settle.socket) ?? []
    acks.set(settle.socket, lines)
    if (outcome instanceof Refusal) lines.push(...nack(settle.frameId, errorOf(outcome)))
    else lines.push(ack(settle.frameId, { success: true, ...ackData(work.event, outcome.result) }))
  }
  return acks
}

function errorOf({ code, message, retryAfterSeconds }: Refusal): Parameters<typeof nack>[1] {
  return { code, message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
}

/** A flush that fails refuses all that it held: nothing of it is written. */
export function refuseAll(
  pending: readonly Pending[],
  error: unknown,
  send: (socket: WebSocket, lines: string[]) => void,
) {
  for (const { settle } of pending) {
    if (settle.by === 'call') settle.reject(error)
    else send(settle.socket, nack(settle.frameId, NOT_DONE))
  }
}
