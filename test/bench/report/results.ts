import type { LayersResult } from '../layers-bench.ts'
import type { StartupResult } from '../startup-bench.ts'
import { type Ratio, ratioOf } from '../statistics.ts'
import type { Machine } from './machine.ts'

/** What one system did in one case: of all rounds the medians, and the rate of each. */
export interface Measured {
  rate: number
  rates: readonly number[]
  p50Ms: number
  p99Ms: number
  /** Of all processors that one of the unit took its processes; 0 where that is not known. */
  processorMs: number
  /** Of one answer with its headers. */
  answerBytes?: number
  /** The most of one processor that whoever made the load took in a round. */
  clientShare?: number
  /** The most that its processes held after a round; null where that is not known. */
  residentBytes: number | null
}

/** Above this, it is as much the clients that are measured. */
export const BUSY_CLIENTS = 0.9

export interface MeasuredCase {
  name: string
  /** `rate`: so many a second were sent, so only how late they came says something. `rest`: memory alone. */
  kind?: string
  /** Of what the rates are so many a second: answers, where nothing else is said. */
  unit?: string
  /** What the floor does of it, where there is one. */
  floor?: string
  systems: Readonly<Record<string, Measured | undefined>>
}

export const PARTS = ['http', 'chat'] as const
export type Part = (typeof PARTS)[number]

/** All of a run, as `results.json` keeps it. */
export interface Results extends Record<Part, readonly MeasuredCase[]> {
  machine: Machine
  /** What anybody would type to measure it again. */
  command: string
  rounds: Record<Part, number>
  layers?: LayersResult
  startup?: StartupResult
  /** How it stands to the run before it, if that was of the same cases. */
  before?: { at: string; ratios: number; agree: number }
}

export const OURS = 'selvage'

const TITLES: Readonly<Record<string, string>> = {
  selvage: 'Selvage',
  floor: 'floor',
  'nest-express': 'NestJS + Express',
  'nest-fastify': 'NestJS + Fastify',
}

/** How a system is called where people read. */
export function titleOf(system: string): string {
  return TITLES[system] ?? system
}

/** The systems that take part in any of these, in the order in which they come; ours first. */
export function systemsOf(cases: readonly MeasuredCase[]): string[] {
  return [...new Set([OURS, ...cases.flatMap(({ systems }) => Object.keys(systems))])]
}

/** Whether the systems went as fast as they could. */
export function isRace({ kind }: MeasuredCase): boolean {
  return kind !== 'rate' && kind !== 'rest'
}

/** How many times as much as another system in the same round; undefined where that is not the question. */
export function ratioTo(one: MeasuredCase, to: string): Ratio | undefined {
  const [ours, theirs] = [one.systems[OURS], one.systems[to]]
  if (!ours || !theirs || !isRace(one) || ours.rates.length === 0) return undefined
  return ratioOf(ours.rates, theirs.rates)
}

export interface NamedRatio {
  part: Part
  case: string
  to: string
  ratio: Ratio
}

/** Every ratio that the report prints. */
export function ratiosOf(results: Record<Part, readonly MeasuredCase[]>): NamedRatio[] {
  return PARTS.flatMap((part) =>
    results[part].flatMap((one) =>
      systemsOf([one]).flatMap((to) => {
        const ratio = to === OURS ? undefined : ratioTo(one, to)
        return ratio ? [{ part, case: one.name, to, ratio }] : []
      }),
    ),
  )
}
