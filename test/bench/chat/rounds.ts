import type { Delays } from '../load/delays.ts'
import { inTurns, type RoundFigures, summaryOf } from '../round-figures.ts'
import { memoryOf, spendingOf } from '../spent.ts'
import { median } from '../statistics.ts'
import { untilQuiet } from './quiet.ts'
import { CHAT_SYSTEMS, type ChatResult, type ChatSystemName, type ChatSystemResult } from './result.ts'
import type { Side } from './sides.ts'

export interface ChatCase extends Pick<ChatResult, 'name' | 'kind' | 'unit'> {
  /** Makes everything ready for one round, which is not measured. */
  prepare(side: Side): Promise<Round>
}

export interface Round {
  /** How many of the unit the work is. */
  amount: number
  work(): Promise<Delays>
  /** After what is held was looked at. */
  close(): void
}

interface ChatRoundFigures extends RoundFigures {
  elapsedMs: number
}

export type Sides = Record<ChatSystemName, Side>

/** All systems in turn, and each round with all of them at rest. */
export async function runChatCase(one: ChatCase, sides: Sides, rounds: number): Promise<ChatResult> {
  const measured = await inTurns(CHAT_SYSTEMS, rounds, (name) => runRound(one, sides, name))
  const { name, kind, unit } = one
  return { name, kind, unit, systems: forEachSystem((system) => resultOf(measured.get(system) ?? [])) }
}

async function runRound({ prepare }: ChatCase, sides: Sides, name: ChatSystemName): Promise<ChatRoundFigures> {
  const side = sides[name]
  const { amount, work, close } = await prepare(side)
  try {
    await untilQuiet(pidsOf(sides))
    const { result, ...spent } = await spendingOf(side.system.pids, work)
    return {
      ...spent,
      processorMs: spent.processorMs / amount,
      rate: (amount * 1_000) / spent.elapsedMs,
      p50Ms: result.at(0.5),
      p99Ms: result.at(0.99),
      residentBytes: memoryOf(side.system.pids),
    }
  } finally {
    close()
  }
}

function resultOf(figures: readonly ChatRoundFigures[]): ChatSystemResult {
  return { ...summaryOf(figures), elapsedMs: median(figures.map(({ elapsedMs }) => elapsedMs)) }
}

/** What all hold while nobody wants anything of them. */
export async function restOf(name: string, sides: Sides): Promise<ChatResult> {
  await untilQuiet(pidsOf(sides))
  const nothing = { rate: 0, rates: [], spread: 0, elapsedMs: 0, p50Ms: 0, p99Ms: 0 }
  const systems = forEachSystem((system) => ({
    ...nothing,
    processorMs: 0,
    processorMss: [],
    clientShare: 0,
    residentBytes: memoryOf(sides[system].system.pids),
  }))
  return { name, kind: 'rest', unit: 'nothing', systems }
}

function pidsOf(sides: Sides): number[] {
  return CHAT_SYSTEMS.flatMap((name) => sides[name].system.pids)
}

function forEachSystem<T>(of: (name: ChatSystemName) => T): Record<ChatSystemName, T> {
  return Object.fromEntries(CHAT_SYSTEMS.map((name) => [name, of(name)])) as Record<ChatSystemName, T>
}
