import type { RoomRole } from '../../../src/features/chat/schemas.ts'
import type { TestPerson } from '../people.ts'
import type { Lots } from '../random.ts'
import { type Act, type ActName, MEMBERSHIP } from './acts.ts'
import type { RoomState } from './oracle.ts'

const EMOJIS = ['👍', '🎉', '🙈'] as const
const ROLES: readonly RoomRole[] = ['member', 'moderator', 'moderator', 'owner']

const BY_MEMBERS: Record<ActName, number> = {
  'message:send': 40,
  'message:edit': 12,
  'message:delete': 9,
  'message:pin': 5,
  'message:unpin': 3,
  'message:read': 8,
  'reaction:add': 12,
  'reaction:remove': 5,
  'room:join': 1,
  'room:leave': 2,
  'member:add': 4,
  'member:remove': 4,
  'member:ban': 2,
  'member:unban': 2,
  'member:role': 6,
}
/** Most of what strangers try is refused. */
const BY_STRANGERS: Partial<Record<ActName, number>> = { 'room:join': 8, 'message:send': 2, 'reaction:add': 1 }

/** What chance lets somebody do next, whether they may or not. */
export class Draw {
  readonly #lots: Lots
  readonly #people: readonly TestPerson[]
  /** What was sent with an id: it may be sent again. */
  readonly #keyed = new Map<string, Act[]>()
  #texts = 0

  constructor(lots: Lots, people: readonly TestPerson[]) {
    this.#lots = lots
    this.#people = people
  }

  act(by: TestPerson, state: RoomState): Act {
    const weights = state.roles.has(by.id) ? BY_MEMBERS : BY_STRANGERS
    const event = this.#lots.weighted<string>(weights) as ActName
    const canTarget = state.said.length > 0 || event === 'message:send' || event === 'message:read'
    return MEMBERSHIP.has(event) ? this.#membership(event) : this.#said(canTarget ? event : 'message:send', by, state)
  }

  /** What takes nobody by surprise who does it at the same time as everything else in `others`. */
  beside(others: readonly Act[], by: TestPerson, state: RoomState): Act {
    const taken = new Set(others.map(subjectOf))
    for (let times = 0; times < 10; times += 1) {
      const act = this.act(by, state)
      const isQuiet = act.event === 'member:unban' || act.event === 'member:ban'
      if (!isQuiet && !taken.has(subjectOf(act))) return act
    }
    return this.#send(by, state)
  }

  #said(event: ActName, by: TestPerson, state: RoomState): Act {
    const lots = this.#lots
    if (event === 'message:send') return this.#send(by, state)
    const lastSeq = state.said.at(-1)?.seq ?? 0
    if (event === 'message:read') return { event, data: { seq: lots.between(0, lastSeq + 2) } }
    const own = state.said.filter(({ authorId }) => authorId === by.id)
    const message = lots.pick(own.length > 0 && event === 'message:edit' && lots.chance(0.8) ? own : state.said)
    const data = { messageId: message.id }
    if (event === 'message:edit') {
      return { event, data: { ...data, content: lots.chance(0.1) && message.content ? message.content : this.#text() } }
    }
    if (event === 'reaction:add' || event === 'reaction:remove') {
      return { event, data: { ...data, emoji: lots.pick(EMOJIS) } }
    }
    return { event, data } as Act
  }

  #send(by: TestPerson, state: RoomState): Act {
    const lots = this.#lots
    const keyed = this.#keyed.get(by.id) ?? []
    if (keyed.length > 0 && lots.chance(0.15)) return lots.pick(keyed)
    const replyTo = state.said.length > 0 && lots.chance(0.3) ? lots.pick(state.said).id : undefined
    const clientMessageId = lots.chance(0.7) ? `client-${this.#texts}-id` : undefined
    const act: Act = {
      event: 'message:send',
      data: {
        content: this.#text(),
        ...(replyTo === undefined ? {} : { replyTo }),
        ...(clientMessageId === undefined ? {} : { clientMessageId }),
      },
    }
    if (clientMessageId !== undefined) this.#keyed.set(by.id, [...keyed, act])
    return act
  }

  #membership(event: ActName): Act {
    const { id: userId } = this.#lots.pick(this.#people)
    if (event === 'room:join' || event === 'room:leave') return { event, data: {} }
    if (event === 'member:role') return { event, data: { userId, role: this.#lots.pick(ROLES) } }
    return { event, data: { userId } } as Act
  }

  /** No two are alike, so that each can be found again. */
  #text(): string {
    this.#texts += 1
    const called = this.#lots.chance(0.5) ? ` @${this.#lots.pick(this.#people).username}` : ''
    return `text ${this.#texts}${called}`
  }
}

/** Of two acts about the same, one could undo the other before anybody could tell them apart. */
function subjectOf({ event, data }: Act): string {
  if (MEMBERSHIP.has(event)) return 'membership'
  if (!('messageId' in data)) return crypto.randomUUID()
  return `${'emoji' in data ? 'reaction' : event} ${data.messageId}`
}
