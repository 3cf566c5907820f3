import { setTimeout as sleep } from 'node:timers/promises'
import { HAS_PROC, processorSeconds } from '../processes.ts'

const LOOK_EVERY_MS = 100
/** Less than this share of a processor is rest; so many times in a row, as who waits for a processor takes none either. */
const REST = 0.15
const LOOKS = 2
const PATIENCE_MS = 30_000
const BLIND_REST_MS = 1_000

/** Waits until the processes have done what is left of the round before, or have been given time to do so. */
export async function untilQuiet(pids: readonly number[]): Promise<void> {
  if (!HAS_PROC) {
    await sleep(BLIND_REST_MS)
    return
  }
  const until = performance.now() + PATIENCE_MS
  let before = processorSeconds(pids)
  for (let looks = 0; looks < LOOKS && performance.now() < until; ) {
    await sleep(LOOK_EVERY_MS)
    const now = processorSeconds(pids)
    looks = ((now - before) * 1_000) / LOOK_EVERY_MS <= REST ? looks + 1 : 0
    before = now
  }
}
