import type { Message } from '../../../client/index.ts'

/** Up to where each member has read, by id. */
export type Reads = ReadonlyMap<string, number>

/** A watermark only rises. */
export function withReads(reads: Reads, fresh: readonly { userId: string; seq: number }[]): Reads {
  const grown = new Map(reads)
  for (const { userId, seq } of fresh) grown.set(userId, Math.max(seq, grown.get(userId) ?? 0))
  return grown
}

/** Who else has read my last message here; null where the last word is somebody else's, or nobody's. */
export function readersOfLast(
  messages: readonly Message[],
  reads: Reads,
  myId: string,
): { seq: number; userIds: string[] } | null {
  const last = messages.at(-1)
  if (!last || last.sender.id !== myId) return null
  const userIds = [...reads].filter(([userId, seq]) => userId !== myId && seq >= last.seq).map(([userId]) => userId)
  return { seq: last.seq, userIds }
}

/** "Ann is writing", said of those who are. */
export function typingText(names: readonly string[]): string {
  const [first, second] = names
  if (first === undefined) return ''
  if (second === undefined) return `${first} is writing`
  return names.length === 2 ? `${first} and ${second} are writing` : 'Several people are writing'
}
