import type { RoomWithMembers } from '../../../client/index.ts'

/** Why the person may not write now. `until` is a moment in milliseconds, where it ends by itself. */
export type Silence =
  | { kind: 'muted'; until: number }
  | { kind: 'slow'; until: number }
  | { kind: 'moderators' }
  | { kind: 'blocking' }

export interface WritingFacts {
  room: RoomWithMembers
  /** Whom the person has blocked. */
  blocked: ReadonlySet<string>
  /** When the person last wrote here, as far as is known. */
  lastSentAt: number | null
  now: number
}

export const isModerator = ({ own }: Pick<RoomWithMembers, 'own'>): boolean => own.role !== 'member'

/** The same rules as the room's own, so that nobody writes what will be refused. */
export function silenceOf({ room, blocked, lastSentAt, now }: WritingFacts): Silence | null {
  if (room.peer && blocked.has(room.peer.id)) return { kind: 'blocking' }
  const mutedUntil = room.own.mutedUntil === null ? 0 : Date.parse(room.own.mutedUntil)
  if (mutedUntil > now) return { kind: 'muted', until: mutedUntil }
  if (isModerator(room)) return null
  if (room.settings.whoPosts === 'moderators') return { kind: 'moderators' }
  const until = (lastSentAt ?? 0) + room.settings.slowModeSeconds * 1_000
  return until > now ? { kind: 'slow', until } : null
}

/** A text for people. Times are told by `clock`. */
export function silenceText(silence: Silence, now: number, clock: (ms: number) => string): string {
  switch (silence.kind) {
    case 'muted':
      return `A moderator has muted you here until ${clock(silence.until)}.`
    case 'slow':
      return `Slow mode: you can write again in ${spanText(silence.until - now)}.`
    case 'moderators':
      return 'Only moderators write here.'
    case 'blocking':
      return 'You have blocked this person. Unblock them to write.'
  }
}

function spanText(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000))
  if (seconds < 100) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
