import type { Writes } from './day.ts'
import { peakOf } from './hot-keys.ts'
import type { Inputs } from './inputs.ts'

/** Of the lane `normal`: messages that come together at most, and how long the first of them waits. A test compares. */
export const BATCH = { most: 25, waitSeconds: 1 }

/** What one subscriber takes of a batch is one commit; it is of so many statements, however many messages it is for. */
export const STATEMENTS = { summary: 3, seen: 2, unseen: 3 }
export type Together = keyof typeof STATEMENTS

export interface Commits {
  write: Writes
  /** A second in the busiest hour: how often it happens, and in how many transactions. */
  times: number
  commits: number
}

/**
 * What is handled together shares its transactions. Batches are mixed: of each, every subscriber that finds something
 * commits once. `all` are the messages of the lane, also those that write to another database.
 */
export function commitsOf(inputs: Inputs, users: number, all: readonly Writes[]): Commits[] {
  const timesOf = (writes: readonly Writes[]) =>
    peakOf(
      inputs,
      users,
      writes.reduce((sum, { aDay }) => sum + aDay, 0),
    )
  const lane = timesOf(all.filter(({ together }) => together !== undefined))
  const size = Math.min(BATCH.most, 1 + lane * BATCH.waitSeconds)
  return all.map((write) => {
    const times = timesOf([write])
    if (write.together === undefined || times === 0) return { write, times, commits: times }
    const alike = timesOf(all.filter(({ together }) => together === write.together))
    const batches = (lane / size) * (1 - (1 - alike / lane) ** size)
    return { write, times, commits: (batches * times) / alike }
  })
}
