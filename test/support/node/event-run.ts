import { setTimeout as sleep } from 'node:timers/promises'
import { countDeliveries, type End, type Plan, type PlannedCommit } from './event-plan.ts'
import type { EventProcess, EventSystem } from './event-system.ts'

/** What is in the databases in the end. */
export interface Outcome {
  changes: string[]
  effects: { subscriber: string; event_id: string; times: number }[]
  deadLetters: { subscriber: string; event_id: string; attempts: number; last_error: string | null; status: string }[]
  unsent: number
  /** The points at which processes asked to be killed, in order. */
  crashedAt: string[]
  /** Messages that a process sends which is started when all is done. */
  sentForNothing: number
  seconds: number
}

const PRODUCERS = 4
const CRON_EVERY_MS = 700
const LOOK_EVERY_MS = 500
const POINT_WITHIN_MS = 60_000

interface Counted {
  sent: number
  acknowledged: number
}

/** Commits all of the plan while one process after the other is killed, and waits until nothing is left to do. */
export async function runPlan(system: EventSystem, plan: Plan, settleWithinMs: number): Promise<Outcome> {
  const began = performance.now()
  const waiting: PlannedCommit[] = []
  const crashedAt: string[] = []
  for (const { end, commits } of plan.lives) {
    waiting.push(...commits)
    const running = await system.start()
    const point = await liveUntil(end, running, waiting)
    if (point !== undefined) crashedAt.push(point)
  }
  waiting.push(...plan.rest)
  const last = await system.start()
  await Promise.all([work(last, waiting), untilSettled(last, plan, settleWithinMs).finally(last.kill)])

  const after = await system.start()
  await after.post('/cron', {})
  const { sent: sentForNothing } = await after.post<Counted>('/cron', {})
  const found = await readTables(after)
  await after.kill()
  return { ...found, crashedAt, sentForNothing, seconds: (performance.now() - began) / 1_000 }
}

async function liveUntil(end: End, running: EventProcess, waiting: PlannedCommit[]): Promise<string | undefined> {
  if ('point' in end) await running.post('/arm', end)
  const working = work(running, waiting)
  // Awaited below, once the process has ended.
  working.catch(() => undefined)
  const overdue = new AbortController()
  if ('afterMs' in end) await Promise.race([sleep(end.afterMs), running.ended])
  else await Promise.race([running.ended, sleep(POINT_WITHIN_MS, undefined, { signal: overdue.signal })])
  overdue.abort()
  await running.kill()
  await working
  return running.ended
}

/** Commits what waits and fires the cron, until the process has ended. What was not answered waits again. */
async function work(running: EventProcess, waiting: PlannedCommit[]): Promise<void> {
  await Promise.all([
    ...Array.from({ length: PRODUCERS }, () => untilEnded(running, () => commitNext(running, waiting))),
    untilEnded(running, async () => {
      await running.post('/cron', {})
      await sleep(CRON_EVERY_MS)
    }),
  ])
}

async function commitNext(running: EventProcess, waiting: PlannedCommit[]): Promise<void> {
  const commit = waiting.shift()
  if (!commit) return sleep(LOOK_EVERY_MS)
  try {
    await running.post('/commit', commit)
  } catch (error) {
    waiting.unshift(commit)
    throw error
  }
}

/** Repeats it; an error is one only where the process goes on. */
async function untilEnded(running: EventProcess, step: () => Promise<void>): Promise<void> {
  let isOver = false
  void running.ended.then(() => {
    isOver = true
  })
  while (!isOver) {
    try {
      await step()
    } catch (error) {
      await Promise.race([running.ended, sleep(LOOK_EVERY_MS)])
      if (!isOver) throw error
    }
  }
}

/** Nothing unsent, nothing under way, and as many effects and dead letters as there must be. */
async function untilSettled(running: EventProcess, { events }: Plan, withinMs: number): Promise<void> {
  const good = countDeliveries(events.filter(({ isPoison }) => !isPoison))
  const poison = countDeliveries(events) - good
  const deadline = Date.now() + withinMs
  for (;;) {
    const { sent, acknowledged } = await running.post<Counted>('/counted', {})
    const [core, activity, dead, unsent] = await Promise.all([
      count(running, 'core', 'probe_effects'),
      count(running, 'activity', 'probe_effects'),
      count(running, 'core', 'dead_letters'),
      countUnsent(running),
    ])
    const left = { effects: good - core - activity, deadLetters: poison - dead, unsent, underWay: sent - acknowledged }
    if (Object.values(left).every((n) => n === 0)) return
    if (Date.now() > deadline) {
      // What is missing then shows in the tables.
      console.warn(`Not settled in ${withinMs} ms, left: ${JSON.stringify(left)}\n${running.lastWords()}`)
      return
    }
    await sleep(LOOK_EVERY_MS)
  }
}

type Row = Record<string, unknown>

function query<T = Row>(running: EventProcess, database: 'core' | 'activity', statement: string): Promise<T[]> {
  return running.post<T[]>('/sql', { database, statement })
}

async function count(running: EventProcess, database: 'core' | 'activity', from: string): Promise<number> {
  const [row] = await query<{ n: number }>(running, database, `select count(*) as n from ${from}`)
  return row?.n ?? 0
}

async function countUnsent(running: EventProcess): Promise<number> {
  const unsent = 'outbox where sent_at is null'
  return (await count(running, 'core', unsent)) + (await count(running, 'activity', unsent))
}

async function readTables(running: EventProcess) {
  const both = async <T>(statement: string) => [
    ...(await query<T>(running, 'core', statement)),
    ...(await query<T>(running, 'activity', statement)),
  ]
  return {
    changes: (await both<{ id: string }>('select id from probe_changes')).map(({ id }) => id),
    effects: await both<Outcome['effects'][number]>('select * from probe_effects'),
    deadLetters: await query<Outcome['deadLetters'][number]>(running, 'core', 'select * from dead_letters'),
    unsent: await countUnsent(running),
  }
}
