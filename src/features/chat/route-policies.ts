import { SMALL_BODY } from '../../http/contract.ts'

/** What most routes of a room declare alike. What one of them says differently stands beside it. */
const common = { access: 'user', tag: 'Chat', limits: [], cache: 'no-store' } as const

/** Membership in D1 (with the session, in parallel), then one hop to the room's object. */
export const asking = {
  ...common,
  idempotency: 'off',
  cost: { trips: 2, sequential: 1, rowsRead: 60, rowsWritten: 0, hops: 1, sends: 0 },
} as const

/** Reads that give a page of messages or people: some rows each, in the object. */
export const listing = {
  ...asking,
  cost: { ...asking.cost, rowsRead: { perItem: 6, besides: 60 } },
} as const

/** One command to the room's object. */
export const telling = {
  ...common,
  idempotency: 'off',
  cost: { trips: 2, sequential: 1, rowsRead: 80, rowsWritten: 30, hops: 1, sends: 0 },
} as const

/** One command, and what it changes for D1 at once: the room's event is only its safety net. */
export const tellingBoth = {
  ...telling,
  cost: { trips: 3, sequential: 2, rowsRead: 100, rowsWritten: 40, hops: 1, sends: 0 },
} as const

/** A hundred people, each with a row here and there, and their indexes. */
export const costOfMany = { trips: 4, sequential: 2, rowsRead: 1_000, rowsWritten: 1_500, hops: 1, sends: 0 } as const

/** The same of a POST, whose repeats find the first answer in the object. */
export const once = { idempotency: { key: 'optional', store: 'object' } } as const

export const smallBody = { bodyLimit: SMALL_BODY } as const
/** A message of 4,000 characters with all of its escapes. */
export const messageBody = { bodyLimit: 64 * 1024 } as const
