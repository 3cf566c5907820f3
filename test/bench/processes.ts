import { existsSync, readdirSync, readFileSync } from 'node:fs'

const KIB = 1024

/** Processes are looked at through it, which other systems than Linux do not have: there nothing is known of them. */
export const HAS_PROC = existsSync('/proc/self/stat')

/** Processes that were begun by this one, and those that they have begun. */
export function childrenOf(pid: number): number[] {
  if (!HAS_PROC) return []
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const parents = new Map(all.flatMap((name) => parentOf(name)))
  const found: number[] = []
  const queue = [pid]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const children = [...parents].filter(([, parent]) => parent === next).map(([child]) => child)
    found.push(...children)
    queue.push(...children)
  }
  return found
}

function parentOf(name: string): [number, number][] {
  try {
    const status = readFileSync(`/proc/${name}/status`, 'utf8')
    return [[Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1])]]
  } catch {
    // It has ended since it was listed.
    return []
  }
}

/** Bytes of memory that these processes hold now. */
export function residentBytes(pids: readonly number[]): number {
  return sumOf(pids, (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * KIB)
}

const TICKS_PER_SECOND = 100

/** Seconds of processor time that these processes have taken. */
export function processorSeconds(pids: readonly number[]): number {
  return sumOf(pids, (pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  })
}

function sumOf(pids: readonly number[], figure: (pid: number) => number): number {
  return pids.reduce((sum, pid) => {
    try {
      return sum + figure(pid)
    } catch {
      return sum
    }
  }, 0)
}
