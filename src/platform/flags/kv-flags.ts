import type { Clock } from '../clock.ts'
import type { Logger } from '../observability/log.ts'
import { type Flag, type Flags, isChosen, OFF, Rollout } from './flags.ts'

/** For so long an isolate remembers a flag, also that it could not be read. */
export const FLAG_MEMORY_MS = 30_000
/** A flag is worth no more of a request than this. */
const READ_TIMEOUT_MS = 250

/** What of a KV namespace flags need. */
export type FlagStore = Pick<KVNamespace, 'get'>

/**
 * Flags in KV, as JSON under `flag:<name>`. What is not there, not readable or not of the right form is off. Values are
 * remembered, never promises: what one request waits for another may not.
 */
export function createKvFlags(store: FlagStore, { clock, log }: { clock: Clock; log: Logger }): Flags {
  const known = new Map<Flag, { rollout: Rollout; until: number }>()
  async function rolloutOf(flag: Flag): Promise<Rollout> {
    const remembered = known.get(flag)
    if (remembered && remembered.until > clock()) return remembered.rollout
    const rollout = await readRollout(store, flag).catch((error: unknown) => {
      log.warn('Flag Not Read', { flag, error })
      return OFF
    })
    known.set(flag, { rollout, until: clock() + FLAG_MEMORY_MS })
    return rollout
  }
  return { isOn: async (flag, userId) => isChosen(flag, await rolloutOf(flag), userId) }
}

async function readRollout(store: FlagStore, flag: Flag): Promise<Rollout> {
  const text = await within(READ_TIMEOUT_MS, store.get(`flag:${flag}`))
  return text === null ? OFF : Rollout.parse(JSON.parse(text))
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
