import { SMALL_BODY } from '../../http/contract.ts'

/** What most routes of a room declare alike. What one of them says differently stands beside it. */
const common = { access: 'user', tag: 'Chat', limits: [], cache: 'no-store' } as const

/** Membership in D1 (with the session, in parallel), then one hop to the room's object. */
export const asking = {
  ...common,
  idempotency: 'off',
  cost: { trips: 2, sequential: 1, rowsRead: 30, rowsWritten: 0, hops: 1, sends: 0 },
} as const

/** Messages: each with its author, what it answers, what its thread began with, and the reader's reaction. */
export const listingMessages = {
  ...asking,
  cost: { ...asking.cost, rowsRead: { perItem: 6, besides: 35 } },
} as const

/** People, or what is one row each. */
export const listing = {
  ...asking,
  cost: { ...asking.cost, rowsRead: { perItem: 1, besides: 35 } },
} as const

/** One command to the room's object. */
export const telling = {
  ...common,
  idempotency: 'off',
  cost: { trips: 2, sequential: 1, rowsRead: 50, rowsWritten: 10, hops: 1, sends: 0 },
} as const

/** The same of a text: up to twenty mentions are looked for, written and told. */
export const mentioning = {
  ...telling,
  cost: { ...telling.cost, rowsRead: 200, rowsWritten: 60 },
} as const

/** One command, and what it changes for D1 at once: the room's event is only its safety net. */
export const tellingBoth = {
  ...telling,
  cost: { trips: 3, sequential: 2, rowsRead: 60, rowsWritten: 15, hops: 1, sends: 0 },
} as const

/** A hundred people, each with a row here and there, and their indexes. */
export const costOfMany = { trips: 4, sequential: 2, rowsRead: 1_000, rowsWritten: 1_500, hops: 1, sends: 0 } as const

/** The same of a POST, whose repeats find the first answer in the object. */
export const once = { idempotency: { key: 'optional', store: 'object' } } as const

export const smallBody = { bodyLimit: SMALL_BODY } as const
/** A message of 4,000 characters with all of its escapes. */
export const messageBody = { bodyLimit: 64 * 1024 } as const
