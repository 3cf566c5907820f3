import { HAS_PROC, processorSeconds, residentBytes } from './processes.ts'

/** Null where it cannot be known. */
export function memoryOf(pids: readonly number[]): number | null {
  return HAS_PROC ? residentBytes(pids) : null
}

/** What a piece of work took of the machine. */
export interface Spent {
  elapsedMs: number
  /** Milliseconds of all processors, of the processes that are measured. */
  processorMs: number
  /** Of one processor, of the process of the clients. */
  clientShare: number
}

export async function spendingOf<T>(pids: readonly number[], work: () => Promise<T>): Promise<Spent & { result: T }> {
  const before = processorSeconds(pids)
  const ownBefore = process.cpuUsage()
  const began = performance.now()
  const result = await work()
  const elapsedMs = performance.now() - began
  const own = process.cpuUsage(ownBefore)
  return {
    result,
    elapsedMs,
    processorMs: (processorSeconds(pids) - before) * 1_000,
    clientShare: (own.user + own.system) / 1_000 / elapsedMs,
  }
}
