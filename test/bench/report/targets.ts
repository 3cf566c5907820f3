import type { Case } from '../cases.ts'
import type { Ratio } from '../statistics.ts'
import { msText, numberText, ratioText } from './figures.ts'
import type { Table } from './layout.ts'
import { type MeasuredCase, OURS, PARTS, type Part, ratioTo } from './results.ts'

interface Target {
  id: 'P1' | 'P2'
  what: string
  part: Part
  /** Which cases it is about: each of them must reach it. */
  isAbout(one: MeasuredCase): boolean
  /** At least so many times as much as another system. */
  ratio?: { to: string; least: number }
  /** Of ours. */
  mostP99Ms?: number
}

export interface Verdict {
  id: string
  what: string
  case: string
  goal: string
  figure: string
  /** By the median; undefined where nothing was measured. */
  isReached: boolean | undefined
  /** The rounds do not agree on it. */
  isClose: boolean
}

const BARE_ROUTE: Case['floor'] = 'a bare Hono route'
const SAME_CALLS: Case['floor'] = 'the same calls to the databases'

const isHealth = ({ name }: MeasuredCase) => name === 'health'
const isSignedIn = ({ name }: MeasuredCase) => name.startsWith('signed in')
const isBare = ({ floor }: MeasuredCase) => floor === BARE_ROUTE
const fansOutTo =
  (size: number) =>
  ({ name }: MeasuredCase) =>
    new RegExp(`^fan-out to ${size}\\b`).test(name)

const TARGETS: readonly Target[] = [
  {
    id: 'P1',
    what: 'without dependencies, to a bare Hono route',
    part: 'http',
    isAbout: isHealth,
    ratio: { to: 'floor', least: 0.75 },
  },
  {
    id: 'P1',
    what: 'a warm read, signed in, to a bare Hono route',
    part: 'http',
    isAbout: (one) => isSignedIn(one) && isBare(one),
    ratio: { to: 'floor', least: 0.55 },
  },
  {
    id: 'P1',
    what: 'a D1 route, to the same D1 calls bare',
    part: 'http',
    isAbout: ({ floor }) => floor === SAME_CALLS,
    ratio: { to: 'floor', least: 0.85 },
  },
  {
    id: 'P1',
    what: 'both without a store or in process, to NestJS + Express',
    part: 'http',
    isAbout: isBare,
    ratio: { to: 'nest-express', least: 2 },
  },
  {
    id: 'P2',
    what: 'chat, everything stored, to socket.io that stores nothing',
    part: 'chat',
    isAbout: fansOutTo(500),
    ratio: { to: 'socket.io', least: 1.5 },
  },
  {
    id: 'P2',
    what: 'chat, everything stored, to socket.io that stores nothing',
    part: 'chat',
    isAbout: fansOutTo(100),
    ratio: { to: 'socket.io', least: 1 },
  },
  ...[100, 500].map(
    (size): Target => ({
      id: 'P2',
      what: 'chat, p99 with 32 in flight',
      part: 'chat',
      isAbout: fansOutTo(size),
      mostP99Ms: 250,
    }),
  ),
]

/** A verdict for each case that a target is about; one that says so for a target without any, if its part was measured. */
export function judge(results: Record<Part, readonly MeasuredCase[]>): Verdict[] {
  return PARTS.flatMap((part) => {
    if (results[part].length === 0) return []
    return TARGETS.filter((target) => target.part === part).flatMap((target) => {
      const about = results[part].filter((one) => target.isAbout(one))
      return about.length === 0 ? [judgeCase(target, undefined)] : about.map((one) => judgeCase(target, one))
    })
  })
}

function judgeCase({ id, what, ratio, mostP99Ms }: Target, one: MeasuredCase | undefined): Verdict {
  const common = { id, what, case: one?.name ?? '-' }
  if (mostP99Ms !== undefined) {
    const p99Ms = one?.systems[OURS]?.p99Ms
    const isReached = p99Ms === undefined ? undefined : p99Ms <= mostP99Ms
    return { ...common, goal: `<= ${mostP99Ms} ms`, figure: msText(p99Ms), isReached, isClose: false }
  }
  const { to, least } = ratio ?? { to: '', least: Number.NaN }
  const measured = one && ratioTo(one, to)
  return {
    ...common,
    goal: `>= ${numberText(least)}`,
    figure: ratioText(measured),
    isReached: measured && measured.median >= least,
    isClose: measured !== undefined && isWithin(measured, least),
  }
}

const isWithin = ({ low, high }: Ratio, goal: number) => low < goal && goal <= high

export function verdictTable(verdicts: readonly Verdict[]): Table {
  return {
    head: ['target', 'case', 'goal', 'figure', 'verdict'],
    rows: verdicts.map((verdict) => [
      `${verdict.id} ${verdict.what}`,
      verdict.case,
      verdict.goal,
      verdict.figure,
      verdictText(verdict),
    ]),
  }
}

function verdictText({ isReached, isClose }: Verdict): string {
  if (isReached === undefined) return 'not measured'
  if (isReached) return isClose ? 'reached, but not in each round' : 'reached'
  return isClose ? 'not reached, but in some rounds' : 'not reached'
}

/** What a case's ratio to another system is meant to be at least, where there is a target for it. */
export function goalFor(part: Part, one: MeasuredCase, to: string): number | undefined {
  const target = TARGETS.find((wanted) => wanted.part === part && wanted.ratio?.to === to && wanted.isAbout(one))
  return target?.ratio?.least
}
