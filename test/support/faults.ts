import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import type { Env } from '../../src/env.ts'
import { createIsolate } from '../../src/isolate.ts'
import { MINUTE_MS } from '../../src/platform/clock.ts'
import { sweepAll } from '../../src/scheduled.ts'
import { type Answer, type Api, createApi } from './api.ts'
import { type Fault, Wire, wireEnv } from './faulty-bindings.ts'
import type { Consume, HeldQueues } from './held-queues.ts'

/** One isolate: memories of its own, over bindings that may fail it. */
export interface Process {
  readonly env: Env
  readonly api: Api
  readonly isDead: boolean
  /** Calls to the outside, which may fail it as well. */
  outside<T>(name: string, call: () => Promise<T>): Promise<T>
}

export interface Outcome<A, R> {
  /** Undefined where the process died before it could answer. */
  answer: A | undefined
  /** What asking again has answered. */
  again: R
  /** Undefined where nothing went wrong. */
  fault: (Fault & { call: string }) | undefined
}

export interface Scenario<W, A, R> {
  queues: HeldQueues
  /** Makes what one run needs. */
  arrange: () => Promise<W>
  /** What the fault strikes: its calls are counted. */
  act: (process: Process, world: W) => Promise<A>
  /** What clients do next, in a new process; after a lost call, in the same one. */
  repeat?: (process: Process, world: W) => Promise<R>
  /** Who takes the messages in the end, where that is not the Worker. */
  consume?: (process: Process, world: W) => Consume
  /** Which faults, where not all four kinds can make a difference. */
  faults?: readonly Omit<Fault, 'at'>[]
  /** What must be so, once everything has come to rest. */
  check: (world: W, outcome: Outcome<A, R>) => Promise<void>
}

const FAULTS = (['crash', 'lost'] as const).flatMap((mode) =>
  (['before', 'after'] as const).map((side) => ({ mode, side })),
)

/**
 * Runs a scenario undisturbed and counts its I/O calls; then again for each of them, struck before it and after it:
 * once by a crash, which ends the process, and once by a lost connection, which it lives to see. Only a crash that would
 * leave the very same as the one after the call before is left out (`Wire.followers`). Each time everything
 * is brought to rest (a sweep, every message twice and shuffled) and checked. Resolves to the names of the calls.
 * What fails says at which call.
 */
export async function crashEverywhere<W, A, R = undefined>(scenario: Scenario<W, A, R>): Promise<string[]> {
  const logs = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')]
  for (const log of logs) log.mockImplementation(() => undefined)
  try {
    const { calls, followers } = await runOnce(scenario, undefined, 0)
    const faults = scenario.faults ?? FAULTS
    const canLeaveOut = faults.some((fault) => isCrash(fault, 'after'))
    for (let at = 1; at <= calls.length; at += 1) {
      for (const fault of faults) {
        const isTheSame = canLeaveOut && isCrash(fault, 'before') && followers.has(at)
        if (!isTheSame) await runOnce(scenario, { ...fault, at }, calls.length)
      }
    }
    return calls
  } finally {
    for (const log of logs) log.mockRestore()
    scenario.queues.clear()
  }
}

function isCrash({ mode, side }: Omit<Fault, 'at'>, wanted: Fault['side']): boolean {
  return mode === 'crash' && side === wanted
}

/** Answers which calls the act made. */
async function runOnce<W, A, R>(
  scenario: Scenario<W, A, R>,
  fault: Fault | undefined,
  of: number,
): Promise<{ calls: string[]; followers: ReadonlySet<number> }> {
  const wire = new Wire(fault)
  try {
    const world = await scenario.arrange()
    const process = startProcess(wire)
    const answer = await actOut(() => scenario.act(process, world), wire)
    const calls = [...wire.calls]
    if (fault && wire.struck === undefined) throw new Error(`It made only ${calls.length} calls: ${calls.join(', ')}`)
    if (fault?.mode === 'lost') demandSuccessOrUnavailable(answer)

    const next = wire.isDead ? startProcess(new Wire()) : process
    const again = (await scenario.repeat?.(next, world)) as R
    await sweep(env)
    await scenario.queues.deliver({ twice: true, process: next, ...consumeOf(scenario, next, world) })
    await scenario.check(world, { answer, again, fault: fault && { ...fault, call: wire.struck ?? '' } })
    return { calls, followers: wire.followers }
  } catch (error) {
    if (fault && error instanceof Error) {
      const what = fault.mode === 'crash' ? 'A crash' : 'A lost connection'
      error.message = `${what} ${fault.side} call ${fault.at} of ${of}, ${wire.struck ?? '?'}: ${error.message}`
    }
    throw error
  }
}

function consumeOf<W, A, R>({ consume }: Scenario<W, A, R>, process: Process, world: W) {
  return consume ? { consume: consume(process, world) } : {}
}

/** What a dead process still says reaches nobody: only what it said before is an answer. */
async function actOut<A>(act: () => Promise<A>, wire: Wire): Promise<A | undefined> {
  try {
    const answer = await act()
    return wire.isDead && isAnswer(answer) && answer.status >= 500 ? undefined : answer
  } catch (error) {
    if (wire.struck === undefined) throw error
    return undefined
  }
}

function isAnswer(answer: unknown): answer is Answer {
  return typeof answer === 'object' && answer !== null && 'status' in answer
}

function demandSuccessOrUnavailable(answer: unknown): void {
  if (!isAnswer(answer) || answer.status < 300 || answer.status === 503) return
  throw new Error(`It answered ${answer.status}: ${JSON.stringify(answer.body)}`)
}

function startProcess(wire: Wire): Process {
  const wired = wireEnv(env, wire)
  const api = createApi({ env: wired })
  const serve = api.app.fetch
  api.app.fetch = (...request) => wire.answer(async () => serve(...request))
  return {
    env: wired,
    api,
    get isDead() {
      return wire.isDead
    },
    outside: (name, call) => wire.call(name, call),
  }
}

/**
 * The minute's cron, a while later, as in production: what is done elsewhere for local queues, which forget when their
 * process ends, must not make up for what was never sent.
 */
export async function sweep(bindings: Env): Promise<void> {
  const isolate = createIsolate(bindings, () => Date.now() + MINUTE_MS)
  await sweepAll({ ...isolate, settings: { ...isolate.settings, ENVIRONMENT: 'production' } }, bindings)
}
