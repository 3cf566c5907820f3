import { v7 } from 'uuid'
import { CRASH_POINTS, type CrashPoint, lanesOf, type PlannedEvent, type ProbeKind } from '../events/probes.ts'
import { randomOf } from '../random.ts'

/** How one process ends: at the given time that it comes to a point, or so long after it is ready. */
export type End = { point: CrashPoint; times: number } | { afterMs: number }

/** One commit of the test: its events are stored together, in one database. */
export interface PlannedCommit {
  database: 'core' | 'activity'
  events: PlannedEvent[]
}

export interface Plan {
  seed: number
  events: PlannedEvent[]
  /** Each process that is killed, with what is committed in its life. */
  lives: { end: End; commits: PlannedCommit[] }[]
  /** What is left for the one that lives on. */
  rest: PlannedCommit[]
}

const COMMIT_EVENTS = 25
const POISON = 20
const RANDOM_KILLS = 3
const MOMENT_MS = { from: 200, to: 3_000 }
/** Of ten events. */
const KINDS: readonly ProbeKind[] = [
  ...Array<ProbeKind>(3).fill('critical'),
  ...Array<ProbeKind>(3).fill('normal'),
  ...Array<ProbeKind>(3).fill('bulk'),
  'all',
]
/** A point is met at a random one of its first so many times. */
const FIRST_TIMES: Record<CrashPoint, number> = {
  'before-send': 6,
  'after-send': 6,
  'before-effect': 60,
  'before-acknowledgement': 6,
  'after-burial': 1,
}

/** Everything that chance decides in a run, from one number. */
export function makePlan(seed: number, count: number): Plan {
  const random = randomOf(seed)
  const poisonEvery = Math.floor(count / POISON)
  const poisonAt = Math.floor(random() * poisonEvery)
  const msecs = Date.now()
  const events = Array.from({ length: count }, (_, i): PlannedEvent => {
    const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256))
    const kind = KINDS[Math.floor(random() * KINDS.length)] ?? 'all'
    return { id: v7({ msecs, random: bytes, seq: i }), kind, isPoison: i % poisonEvery === poisonAt }
  })
  const commits = Array.from(
    { length: Math.ceil(count / COMMIT_EVENTS) },
    (_, i): PlannedCommit => ({
      database: random() < 0.3 ? 'activity' : 'core',
      events: events.slice(i * COMMIT_EVENTS, (i + 1) * COMMIT_EVENTS),
    }),
  )
  const upTo = (times: number) => 1 + Math.floor(random() * times)
  const ends = shuffle(
    [
      ...CRASH_POINTS.map((point): End => ({ point, times: upTo(FIRST_TIMES[point]) })),
      ...Array.from(
        { length: RANDOM_KILLS },
        (): End => ({ afterMs: MOMENT_MS.from + upTo(MOMENT_MS.to - MOMENT_MS.from) }),
      ),
    ],
    random,
  )
  const perLife = Math.floor(commits.length / (ends.length + 1))
  const lives = ends.map((end, i) => ({ end, commits: commits.slice(i * perLife, (i + 1) * perLife) }))
  return { seed, events, lives, rest: commits.slice(ends.length * perLife) }
}

/** How many effects these events have: one a lane that hears them. */
export function countDeliveries(events: readonly PlannedEvent[]): number {
  return events.flatMap(({ kind }) => lanesOf(kind)).length
}

function shuffle<T>(items: T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }))
  return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item)
}
