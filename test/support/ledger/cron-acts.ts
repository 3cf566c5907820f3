import { env } from 'cloudflare:workers'
import type { Isolate } from '../../../src/isolate.ts'
import { newId } from '../../../src/platform/ids.ts'
import { countBacklogs, pruneAll, pruneFeatures, resumeErasures, sealAll, sweepAll } from '../../../src/scheduled.ts'

type Task = typeof sweepAll

export interface CronAct {
  name: string
  invocations: number
  /** What is there to be done. */
  prepare?: () => Promise<void>
  run: Task
}

const together =
  (...tasks: readonly Task[]): Task =>
  async (...given) => {
    await Promise.all(tasks.map((task) => task(...given)))
  }

const task = (run: Task): CronAct => ({ name: `cron ${run.name}, nothing to do`, invocations: 0, run })

/** Both crons with all that they do, and each task by itself. */
export const CRON_ACTS: readonly CronAct[] = [
  { name: 'cron * * * * *, nothing to do', invocations: 1, run: together(sweepAll, sealAll, countBacklogs, pruneAll) },
  { name: 'cron 0 * * * *, nothing to do', invocations: 1, run: together(pruneFeatures, resumeErasures) },
  ...[sweepAll, sealAll, pruneAll, pruneFeatures, resumeErasures].map(task),
  { name: 'cron sealAll, ten acts of core', invocations: 0, prepare: () => makeActs(10), run: sealAll },
]

/** As it runs in production: elsewhere it looks for what a laptop's queues forgot. */
export function inProduction(isolate: Isolate): Isolate {
  return { ...isolate, settings: { ...isolate.settings, ENVIRONMENT: 'production' } }
}

async function makeActs(count: number): Promise<void> {
  await env.DB.prepare(
    `insert into audit (id, action, actor_id, target_type, target_id, correlation_id, at)
     select value, 'SIGNED_IN', value, 'user', value, 'test', ?1 from json_each(?2)`,
  )
    .bind(Date.now(), JSON.stringify(Array.from({ length: count }, () => newId())))
    .run()
}
