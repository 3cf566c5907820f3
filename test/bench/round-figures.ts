import type { Spent } from './spent.ts'
import { median, spreadOf } from './statistics.ts'

/** What one system did in one round. */
export interface RoundFigures extends Pick<Spent, 'clientShare'> {
  /** Of the unit, a second. */
  rate: number
  p50Ms: number
  p99Ms: number
  /** For one of the unit. */
  processorMs: number
  residentBytes: number | null
}

/** Of all its rounds the medians, and the rate and the processor time of each; of memory and the clients' share the most. */
export function summaryOf(rounds: readonly RoundFigures[]) {
  const all = <K extends keyof RoundFigures>(name: K): RoundFigures[K][] => rounds.map((round) => round[name])
  return {
    rate: median(all('rate')),
    rates: all('rate'),
    spread: spreadOf(all('rate')),
    p50Ms: median(all('p50Ms')),
    p99Ms: median(all('p99Ms')),
    processorMs: median(all('processorMs')),
    processorMss: all('processorMs'),
    clientShare: Math.max(...all('clientShare')),
    residentBytes: all('residentBytes').reduce(
      (most, one) => (most === null || one === null ? null : Math.max(most, one)),
      0,
    ),
  }
}

/**
 * Each round goes through all of them, each time beginning with another one, so that what the machine does meanwhile
 * falls on all. Answers what each gave, round by round.
 */
export async function inTurns<N, T>(
  names: readonly N[],
  rounds: number,
  work: (name: N) => Promise<T>,
): Promise<Map<N, T[]>> {
  const given = new Map<N, T[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    const from = round % names.length
    for (const name of [...names.slice(from), ...names.slice(0, from)]) given.get(name)?.push(await work(name))
  }
  return given
}
