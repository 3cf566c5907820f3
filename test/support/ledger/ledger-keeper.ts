import {
  createExecutionContext,
  createMessageBatch,
  evictAllDurableObjects,
  getQueueResult,
  runInDurableObject,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createSystemContext } from '../../../src/compose.ts'
import type { Env } from '../../../src/env.ts'
import { keepDeadLetter } from '../../../src/features/operations/index.ts'
import type { Isolate } from '../../../src/isolate.ts'
import { DAY_MS, MINUTE_MS } from '../../../src/platform/clock.ts'
import { newId } from '../../../src/platform/ids.ts'
import { consumeBatch } from '../../../src/platform/queues/consume.ts'
import { LaneMessage } from '../../../src/platform/queues/lanes.ts'
import { SUBSCRIBERS } from '../../../src/subscribers.ts'
import type { ErasureParams } from '../../../src/workflows/erasure.ts'
import { eraseBySteps } from '../erasure.ts'
import { Batches } from './batches.ts'
import { Border, type Given, type Place } from './border.ts'
import { HeldClock } from './held-clock.ts'
import { type Ops, opsOf, since } from './ops.ts'
import { Patches } from './patches.ts'
import { watchBindings } from './watch-bindings.ts'
import { OBJECT_BINDINGS, watchObjects } from './watch-objects.ts'

/** Alarms within a minute are what a call has left to do; those within days tidy up after it, and ring once. */
const SOON_MS = MINUTE_MS
const LATER_MS = 3 * DAY_MS
/** Nothing began for so many turns: it rests. */
const QUIET_TURNS = 3
const MOST_ROUNDS = 200
const MOST_TURNS = 5_000

export interface Measured<T> {
  answer: T
  ops: Ops
  /** What each type of event that was heard on the way has caused: of several, the first. */
  events: ReadonlyMap<string, Ops>
}

export interface Act<P, T> {
  prepare: () => Promise<P>
  work: (prepared: P) => Promise<T>
  /** Of the Worker by the work itself: none by a frame, which an object hears. */
  invocations?: number
  /** With objects as the preparation has left them, open sockets and all, and no alarm but those within a minute. */
  isWarm?: boolean
}

/** Measures what calls cause, from the call until queues and objects rest. One at a time. */
export class LedgerKeeper {
  readonly #patches = new Patches()
  readonly #border = new Border()
  readonly #clock = new HeldClock(this.#patches)
  /** Not counted, which a tool of the tests could not use either. */
  readonly #stubs = new Map(OBJECT_BINDINGS.map((name) => [name as string, env[name].get.bind(env[name])]))
  #measured = 0
  #soon = 0
  #events = new Map<string, Ops>()

  /** For settings in which mail goes out as in production. */
  readonly bindings: Pick<Env, 'EMAIL'> = {
    EMAIL: {
      send: async () => {
        this.#border.count('mail')
        return { messageId: 'of nobody' }
      },
    },
  }

  static async open(): Promise<LedgerKeeper> {
    const keeper = new LedgerKeeper()
    watchBindings(keeper.#border, keeper.#patches)
    await watchObjects(keeper.#border, keeper.#patches)
    return keeper
  }

  close(): void {
    this.#patches.restore()
    this.#clock.release()
  }

  /**
   * Does the work on what was prepared, and lets come to rest what it has begun. What the preparation has begun has
   * come to rest before, and every object has left memory. Messages are heard by this isolate.
   */
  async measure<P, T>(
    isolate: Isolate,
    { prepare, work, invocations = 1, isWarm = false }: Act<P, T>,
  ): Promise<Measured<T>> {
    this.#measured += 1
    this.#clock.reset(this.#measured)
    const prepared = await prepare()
    await this.#comeToRest(isolate, isWarm ? SOON_MS : LATER_MS)
    if (!isWarm) await evictAllDurableObjects({ webSockets: 'close' })
    this.#clock.reset(this.#measured)
    this.#border.begin(isWarm)
    this.#border.count('worker', invocations)
    const answer = await work(prepared)
    const batches = await this.#comeToRest(isolate, isWarm ? SOON_MS : LATER_MS)
    const ops = opsOf(batches.addTo(this.#border.end()))
    return { answer, ops, events: this.#events }
  }

  /** When the last frame that was sent to a room or person has been heard. */
  async untilHeard(): Promise<void> {
    const isHeard = () => [...this.#border.counts.keys()].some((place) => /^objects\.\w+\.frames$/.test(place))
    for (let turns = 0; !isHeard(); turns += 1) {
      if (turns > MOST_TURNS) throw new Error('No frame was heard')
      await this.#clock.turn()
    }
  }

  async #comeToRest(isolate: Isolate, patienceMs: number): Promise<Batches> {
    const startedAt = Date.now()
    this.#soon = startedAt + SOON_MS
    this.#events = new Map()
    const batches = new Batches()
    await this.#rest(isolate, batches, 1)
    const rung = new Set<string>()
    const isNew = ({ id }: Place) => !rung.has(id.toString())
    for (let due = this.#border.takeAlarm(startedAt + patienceMs, isNew); due; ) {
      rung.add(due.id.toString())
      await this.#ring(due)
      await this.#rest(isolate, batches, 1)
      due = this.#border.takeAlarm(startedAt + patienceMs, isNew)
    }
    return batches
  }

  async #rest(isolate: Isolate, batches: Batches, depth: number): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await this.#quiet()
      const due = this.#border.takeAlarm(this.#soon)
      if (due) {
        await this.#ring(due)
        continue
      }
      const [workflow, messages] = [this.#border.takeWorkflow(), this.#border.takeMessages()]
      if (workflow === undefined && messages.length === 0) return
      if (workflow !== undefined) await this.#erase(isolate, workflow as ErasureParams)
      const events = Map.groupBy(messages, ({ body }) => LaneMessage.parse(body).event.id)
      for (const given of events.values()) await this.#hear(isolate, given, batches, depth)
    }
    throw new Error('Queues and objects do not come to rest')
  }

  /** One event, and all that it causes. */
  async #hear(isolate: Isolate, given: readonly Given[], around: Batches, depth: number): Promise<void> {
    const before = this.#border.counts
    const batches = new Batches()
    for (const [queue, messages] of Map.groupBy(given, (one) => one.queue)) {
      this.#border.count('queue.deliveries', messages.length)
      batches.note(depth, queue, messages.length)
      await this.#deliver(isolate, queue, messages)
    }
    await this.#rest(isolate, batches, depth + 1)
    around.add(batches)
    const { type } = LaneMessage.parse(given[0]?.body).event
    const tally = batches.addTo(since(before, this.#border.counts))
    tally.set('queue.writes', (tally.get('queue.writes') ?? 0) + given.length)
    if (!this.#events.has(type)) this.#events.set(type, opsOf(tally))
  }

  async #deliver(isolate: Isolate, queue: string, given: readonly Given[]): Promise<void> {
    const ctx = createExecutionContext()
    const batch = createMessageBatch(
      queue,
      given.map(({ body }) => ({ id: newId(), body, attempts: 1, timestamp: new Date() })),
    )
    await consumeBatch(batch, {
      subscribers: SUBSCRIBERS,
      makeContext: (delivery) =>
        createSystemContext(isolate, { ...env, ...this.bindings }, queue, (work) => ctx.waitUntil(work), delivery),
      bury: keepDeadLetter,
      log: isolate.log,
      clock: isolate.clock,
    })
    const { explicitAcks } = await getQueueResult(batch, ctx)
    if (explicitAcks.length !== given.length) throw new Error(`A message was not taken: ${JSON.stringify(given)}`)
  }

  async #erase(isolate: Isolate, { userId }: ErasureParams): Promise<void> {
    const ctx = createExecutionContext()
    const answers = new Map<string, string | null>()
    const defer = (work: Promise<unknown>) => ctx.waitUntil(work)
    await eraseBySteps(userId, answers, () =>
      createSystemContext(isolate, { ...env, ...this.bindings }, 'erase-account', defer),
    )
    await waitOnExecutionContext(ctx)
    this.#border.count('workflow.steps', answers.size)
  }

  async #ring({ binding, id, at }: Place & { at: number }): Promise<void> {
    this.#clock.moveTo(Math.max(Date.now(), at))
    const stub = this.#stubs.get(binding)?.(id)
    if (!stub) throw new Error(`There is no class ${binding}`)
    await runInDurableObject(stub, ringAlarm)
  }

  async #quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      await this.#clock.turn()
      if (this.#border.isBusy || this.#clock.isWaiting) turns = -1
    }
  }
}

async function ringAlarm(object: object): Promise<void> {
  if ('alarm' in object && typeof object.alarm === 'function') await object.alarm()
}
