import type { RoomRole } from '../schemas.ts'

/** Presence by name, typing and one activity row a member end here: above it a room is a crowd. */
const MOST_NAMED = 100
/** Above this, a new message is only the business of whom it mentions. */
export const MOST_NOTIFIED = 50
/** Unread messages are counted to 100, shown as 99 and more. */
export const MOST_UNREAD = 100
/** Whoever has not seen so many more has the most unread ones, whether some were deleted or not: nobody counts those. */
export const MOST_DELETED = 1_000
export const MAX_MEMBERS = 10_000
export const MAX_SOCKETS = 10_000
export const MAX_PINS = 50
export const MAX_REACTIONS = 20
export const MAX_MENTIONS = 20
export const MAX_INVITES = 50

const RANK: Record<RoomRole, number> = { member: 0, moderator: 1, owner: 2 }

export function isModerator(role: RoomRole): boolean {
  return RANK[role] >= RANK.moderator
}

/** Moderators act on members, owners on everybody but owners. */
export function mayActOn(actor: RoomRole, target: RoomRole): boolean {
  return isModerator(actor) && RANK[actor] > RANK[target]
}

export function isLargeRoom(memberCount: number): boolean {
  return memberCount > MOST_NAMED
}

/**
 * The names that a text calls by `@name`, each once. An address calls nobody, neither as in `a@b` nor as in `@a@b`.
 * Scripts without upper and lower case leave no space between words, so a name may stand next to them.
 */
export function calledNames(content: string): string[] {
  const found = content.matchAll(/(?<![\w@.\p{LC}-])@([a-z0-9_]{3,30})(?![\w@\p{LC}])/giu)
  return [...new Set([...found].map(([, name = '']) => name.toLowerCase()))].slice(0, MAX_MENTIONS)
}
