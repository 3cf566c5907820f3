import { env } from 'cloudflare:workers'
import type { CrashPoint } from './probes.ts'

let armed: { point: CrashPoint; times: number } | undefined

/** The process is to be killed when it comes to this point for the given time, counted from 1. */
export function arm(point: CrashPoint, times: number): void {
  armed = { point, times }
}

/** Goes no further where the process is to be killed: the service tells the parent, which does it. */
export async function reach(point: CrashPoint): Promise<void> {
  if (armed?.point !== point) return
  armed.times -= 1
  if (armed.times > 0) return
  armed = undefined
  await (env.CRASH as Fetcher).fetch(`http://crash/${point}`)
  await new Promise(() => undefined)
}
