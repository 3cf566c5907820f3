import type { Case, SystemName } from './cases.ts'
import { type HttpFigures, loadHttp } from './load/http.ts'
import { inTurns, type RoundFigures, summaryOf } from './round-figures.ts'
import { memoryOf, spendingOf } from './spent.ts'
import { median } from './statistics.ts'
import type { System } from './system.ts'

export interface Plan {
  rounds: number
  seconds: number
  slowSeconds: number
  /** How many products there are, the fewest first. */
  sizes: readonly number[]
  /** Only cases whose names hold this. */
  only?: string | undefined
}

export interface CaseResult {
  name: string
  floor: Case['floor']
  systems: Partial<Record<SystemName, SystemResult>>
}

export interface SystemResult {
  /** Answers a second: the median of the rounds, and each of them. */
  rate: number
  rates: number[]
  /** Of the rates, as a share. */
  spread: number
  p50Ms: number
  p99Ms: number
  /** Of one answer with its headers. */
  answerBytes: number
  /** Milliseconds of all processors that one answer took its processes: noise of others falls less on this. */
  processorMs: number
  processorMss: number[]
  /** The most of one processor that the load itself took in a round: near 1, it is the load that is measured. */
  clientShare: number
  /** The most that its processes have held after a round; null where that is not known. */
  residentBytes: number | null
}

const WARM_UP_SECONDS = 1

type HttpRoundFigures = HttpFigures & RoundFigures

export async function runCase(
  bench: Case,
  systems: Partial<Record<SystemName, System>>,
  { rounds, seconds, slowSeconds }: Plan,
  say: (text: string) => void,
): Promise<CaseResult> {
  const names = Object.keys(bench.calls) as SystemName[]
  const load = (name: SystemName, length: number) => loadOf(bench, systems, name, length)
  for (const name of names) await load(name, Math.min(seconds, WARM_UP_SECONDS))
  const measured = await inTurns(names, rounds, (name) => load(name, bench.isSlow ? slowSeconds : seconds))
  say(bench.name)
  return {
    name: bench.name,
    floor: bench.floor,
    systems: Object.fromEntries([...measured].map(([name, figures]) => [name, resultOf(figures)])),
  }
}

async function loadOf(
  { calls, connections }: Case,
  systems: Partial<Record<SystemName, System>>,
  name: SystemName,
  seconds: number,
): Promise<HttpRoundFigures> {
  const [system, next] = [systems[name], calls[name]]
  if (!system || !next) throw new Error(`${name} does not run`)
  const load = { url: system.url, connections, seconds, next }
  const { result, processorMs, clientShare } = await spendingOf(system.pids, () => loadHttp(load))
  return {
    ...result,
    processorMs: processorMs / result.answers,
    clientShare,
    residentBytes: memoryOf(system.pids),
  }
}

function resultOf(figures: readonly HttpRoundFigures[]): SystemResult {
  return { ...summaryOf(figures), answerBytes: median(figures.map(({ answerBytes }) => answerBytes)) }
}
