import ledger from '../cost-ledger.json' with { type: 'json' }
import behaviour from './behaviour.json' with { type: 'json' }
import estimates from './estimates.json' with { type: 'json' }
import { type DatabaseKey, Ledger, type Ledgers, type Named } from './ledger.ts'
import limits from './limits.json' with { type: 'json' }
import prices from './prices.json' with { type: 'json' }

/** Something that people do over HTTP, and how often each of them does it a day. */
export interface Act extends Named {
  group: string
  what: string
  aDay: number
  /** Transactions that write, in the request and in all that follows. The ledger counts rows, not these. */
  commits?: Partial<Record<DatabaseKey, number>>
  /** The share that a cache answers: those read no database. */
  cached?: number
  /** No session of theirs is read. */
  isAnonymous?: boolean
  /** Of one call; `machine.cpuMs` where it is not said. */
  cpuMs?: number
}

/** Rooms of one size, and how talk is spread over them. */
export interface RoomClass extends Named {
  class: string
  members: number
  roomsAUser: number
  messageShare: number
  /** The exponent of Zipf's law: 0 is all alike, 1 is the second half as popular as the first. */
  zipf: number
  /** Of the other members of a room who are told of a message by a notification. */
  absentShare: number
  /** Of the members, how many have a socket of their own open while somebody writes. */
  onlineShare: number
}

/** What a row takes, with its entries in indexes, and for how long it is kept; for ever where nothing is said. */
export interface StoredRow {
  database: string
  table: string
  /** The `what` of the act that writes it. */
  per: string
  bytes: number
  keepDays?: number
}

export interface Behaviour extends Pick<typeof behaviour, 'day' | 'machine'> {
  acts: Act[]
  chat: Omit<(typeof behaviour)['chat'], 'rooms'> & { rooms: RoomClass[] }
  storage: StoredRow[]
}

/** All that the model goes by. Whoever asks "what if" changes a copy. */
export interface Inputs extends Ledgers {
  behaviour: Behaviour
}

export const INPUTS: Inputs = { behaviour, ledger: Ledger.parse(ledger), estimates: Ledger.parse(estimates) }

export interface Price {
  product: string
  what: string
  /** So many cost `price`. */
  per: number
  price: number
  /** A month, in the paid plan. */
  included: number
  page: string
}
export type PriceName = keyof typeof prices.items

export const PRICES: Record<PriceName, Price> = prices.items
export const PLAN = { asOf: prices.asOf, ...prices.plan }
export const LIMITS = limits
