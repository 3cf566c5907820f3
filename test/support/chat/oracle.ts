import type { RoomRole } from '../../../src/features/chat/schemas.ts'
import type { Act } from './acts.ts'

/** An act that has had its effect, at its place in the room's log. A ban or its end may take none: then it is quiet. */
export interface Fact {
  seq: number
  by: string
  act: Act
  /** Of the message that a send has made. */
  messageId?: string
  isQuiet?: true
}

export interface Said {
  id: string
  seq: number
  changeSeq: number
  authorId: string
  content: string
  clientMessageId: string | null
  replyTo: string | null
  isEdited: boolean
  isDeleted: boolean
  reactions: { emoji: string; userIds: string[] }[]
  pinnedSeq: number | null
  mentions: string[]
}

export interface RoomState {
  roles: Map<string, RoomRole>
  /** Whoever belongs to it or has. */
  known: Set<string>
  banned: Set<string>
  said: Said[]
}

/** What must become of an act: it takes the next seq, changes something without one, changes nothing, or may not be. */
export type Verdict = 'happens' | 'quiet' | 'nothing' | 'refused'

const RANK: Record<RoomRole, number> = { member: 0, moderator: 1, owner: 2 }

/** A room as a child would keep it: everything that has happened in one list, read from the start each time. */
export class RoomOracle {
  readonly facts: Fact[] = []
  readonly #names: ReadonlyMap<string, string>
  readonly #first: readonly (readonly [userId: string, role: RoomRole])[]

  /** `names` are everybody's, by id; `first` belong to the room from the start. */
  constructor(names: ReadonlyMap<string, string>, first: readonly (readonly [string, RoomRole])[]) {
    this.#names = names
    this.#first = first
  }

  get lastSeq(): number {
    return this.facts.findLast(({ isQuiet }) => !isQuiet)?.seq ?? 0
  }

  now(): RoomState {
    return this.at(Number.POSITIVE_INFINITY)
  }

  at(seq: number): RoomState {
    const state: RoomState = {
      roles: new Map(this.#first),
      known: new Set(this.#first.map(([userId]) => userId)),
      banned: new Set(),
      said: [],
    }
    for (const fact of this.facts) if (fact.seq <= seq) this.#apply(state, fact)
    return state
  }

  /** What the log after `since` comes down to, by its seqs: each message once, and all else. */
  foldedAfter(since: number): number[] {
    const { said } = this.now()
    const after = this.facts.filter(({ seq, isQuiet }) => seq > since && !isQuiet)
    const isOfNoMessage = ({ act }: Fact) => !('messageId' in act.data) && act.event !== 'message:send'
    return [
      ...said.filter(({ seq, isDeleted }) => seq > since && !isDeleted).map(({ seq }) => seq),
      ...said.filter(({ seq, changeSeq }) => seq <= since && changeSeq > since).map(({ changeSeq }) => changeSeq),
      ...after.filter(isOfNoMessage).map(({ seq }) => seq),
    ].toSorted((a, b) => a - b)
  }

  judge(state: RoomState, by: string, { event, data }: Act): Verdict {
    const role = state.roles.get(by)
    // A room that all have left is over.
    const isClosed = state.banned.has(by) || state.roles.size === 0
    if (event === 'room:join') return role ? 'nothing' : isClosed ? 'refused' : 'happens'
    if (!role) return 'refused'
    const isModerator = RANK[role] > 0
    if (event === 'message:send') {
      const sent = findSent(state, by, data.clientMessageId)
      if (sent) return sent.isDeleted ? 'refused' : 'nothing'
      const parent = state.said.find(({ id }) => id === data.replyTo)
      return data.replyTo !== undefined && (!parent || parent.isDeleted) ? 'refused' : 'happens'
    }
    if (event === 'message:read') return 'nothing'
    if ('messageId' in data) {
      const message = state.said.find(({ id }) => id === data.messageId)
      if (!message) return 'refused'
      if (event === 'message:delete') {
        if (message.authorId !== by && !isModerator) return 'refused'
        return message.isDeleted ? 'nothing' : 'happens'
      }
      if (message.isDeleted) return 'refused'
      if (event === 'message:edit') {
        if (message.authorId !== by) return 'refused'
        return message.content === data.content ? 'nothing' : 'happens'
      }
      if (event === 'message:pin' || event === 'message:unpin') {
        if (!isModerator) return 'refused'
        return (message.pinnedSeq !== null) === (event === 'message:pin') ? 'nothing' : 'happens'
      }
      const has = message.reactions.some(({ emoji, userIds }) => emoji === data.emoji && userIds.includes(by))
      return has === (event === 'reaction:add') ? 'nothing' : 'happens'
    }
    return this.#judgeMembership(state, by, role, { event, data } as Act)
  }

  #judgeMembership(state: RoomState, by: string, role: RoomRole, { event, data }: Act): Verdict {
    const isLastOwner = role === 'owner' && [...state.roles.values()].filter((one) => one === 'owner').length === 1
    if (event === 'room:leave') return isLastOwner && state.roles.size > 1 ? 'refused' : 'happens'
    if (!('userId' in data)) throw new Error(`No rule for ${event}`)
    const target = state.roles.get(data.userId)
    const outranks = RANK[role] > 0 && (!target || RANK[role] > RANK[target])
    switch (event) {
      case 'member:add':
        return target ? 'nothing' : state.banned.has(data.userId) ? 'refused' : 'happens'
      case 'member:remove':
        if (data.userId === by) return this.#judgeMembership(state, by, role, { event: 'room:leave', data: {} })
        return target && outranks ? 'happens' : 'refused'
      case 'member:ban':
        if (!outranks || !state.known.has(data.userId)) return 'refused'
        return state.banned.has(data.userId) ? 'nothing' : target ? 'happens' : 'quiet'
      case 'member:unban':
        return RANK[role] > 0 && state.banned.has(data.userId) ? 'quiet' : 'refused'
      case 'member:role':
        if (role !== 'owner' || !target) return 'refused'
        if (target === data.role) return 'nothing'
        return target === 'owner' && (data.userId !== by || isLastOwner) ? 'refused' : 'happens'
      default:
        throw new Error(`No rule for ${event}`)
    }
  }

  #apply(state: RoomState, { seq, by, act: { event, data }, messageId }: Fact): void {
    if (event === 'message:send') {
      state.said.push({
        id: messageId ?? '',
        seq,
        changeSeq: seq,
        authorId: by,
        content: data.content,
        clientMessageId: data.clientMessageId ?? null,
        replyTo: data.replyTo ?? null,
        isEdited: false,
        isDeleted: false,
        reactions: [],
        pinnedSeq: null,
        mentions: this.#mentioned(state, by, data.content),
      })
    } else if ('messageId' in data) {
      const message = state.said.find(({ id }) => id === data.messageId)
      if (!message) throw new Error(`There is no message ${data.messageId}`)
      message.changeSeq = seq
      if (event === 'message:edit') {
        Object.assign(message, { content: data.content, isEdited: true })
        message.mentions = this.#mentioned(state, by, data.content)
      } else if (event === 'message:delete') message.isDeleted = true
      else if (event === 'message:pin') message.pinnedSeq = seq
      else if (event === 'message:unpin') message.pinnedSeq = null
      else if ('emoji' in data) react(message, by, data.emoji, event === 'reaction:add')
    } else this.#applyMembership(state, by, { event, data } as Act)
  }

  #applyMembership({ roles, known, banned }: RoomState, by: string, { event, data }: Act): void {
    const userId = 'userId' in data ? data.userId : by
    if (event === 'room:join' || event === 'member:add') {
      roles.set(userId, 'member')
      known.add(userId)
    } else if (event === 'member:role') roles.set(userId, data.role)
    else if (event === 'member:unban') banned.delete(userId)
    else {
      if (event === 'member:ban') banned.add(userId)
      roles.delete(userId)
    }
  }

  #mentioned({ roles }: RoomState, by: string, content: string): string[] {
    const called = content.split(' ').filter((word) => word.startsWith('@'))
    return [...roles.keys()].filter((userId) => userId !== by && called.includes(`@${this.#names.get(userId)}`))
  }
}

/** The same id from the same person is the same message. */
export function findSent({ said }: RoomState, by: string, clientMessageId: string | undefined): Said | undefined {
  return clientMessageId === undefined
    ? undefined
    : said.find((one) => one.authorId === by && one.clientMessageId === clientMessageId)
}

function react(message: Said, by: string, emoji: string, added: boolean): void {
  const known = message.reactions.find((one) => one.emoji === emoji)
  if (added && known) known.userIds.push(by)
  else if (added) message.reactions.push({ emoji, userIds: [by] })
  else if (known) known.userIds = known.userIds.filter((userId) => userId !== by)
  message.reactions = message.reactions.filter(({ userIds }) => userIds.length > 0)
}
