import * as z from 'zod'

/** Every flag that there is: what nobody reads any more is taken out here, and then it is off. */
export const FLAGS = ['v2-features-for-v1', 'reviews'] as const
export type Flag = (typeof FLAGS)[number]

/** Who is in: these people, and so many of a hundred of all. */
export const Rollout = z.strictObject({
  percent: z.number().min(0).max(100).default(0),
  userIds: z.array(z.uuid()).max(1_000).default([]),
})
export type Rollout = z.output<typeof Rollout>

export const OFF: Rollout = { percent: 0, userIds: [] }

/**
 * Whether something is switched on for somebody; null is a guest, who has nothing to be told from others by, and so is in
 * where everybody is. It always answers: what cannot be read is off.
 */
export interface Flags {
  isOn(flag: Flag, userId: string | null): Promise<boolean>
}

/** Somebody who is in stays in while the share grows; another flag chooses other people. */
export function isChosen(flag: Flag, { percent, userIds }: Rollout, userId: string | null): boolean {
  if (userId === null) return percent === 100
  return userIds.includes(userId) || shareOf(`${flag}:${userId}`) < percent
}

/** From 0 to below 100, the same for the same text everywhere: FNV-1a of 32 bits, mixed as its low bits are weak. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  hash ^= hash >>> 16
  return ((hash >>> 0) / 2 ** 32) * 100
}
