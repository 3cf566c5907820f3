import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CRASH_POINTS, lanesOf, type PlannedEvent, subscriberName } from '../support/events/probes.ts'
import { makePlan } from '../support/node/event-plan.ts'
import { type Outcome, runPlan } from '../support/node/event-run.ts'
import { createEventSystem, type EventSystem } from '../support/node/event-system.ts'

/** With fewer a process could have nothing to do when it is to be killed. */
const FEWEST = 1_000
/** `EVENTS=1000 SEED=7 npm test -- test/node/ten-thousand` for fewer of them, or to have a run once more. */
const count = Math.max(FEWEST, Number(process.env.EVENTS ?? 10_000))
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
const SETTLE_WITHIN_MS = 60_000 + count * 20

const plan = makePlan(seed, count)
const deliveries = (events: PlannedEvent[]) =>
  events.flatMap(({ id, kind }) => lanesOf(kind).map((lane) => ({ id, lane, subscriber: subscriberName(kind, lane) })))
const good = deliveries(plan.events.filter(({ isPoison }) => !isPoison))
const poison = deliveries(plan.events.filter(({ isPoison }) => isPoison))

let system: EventSystem | undefined
let outcome: Outcome

beforeAll(async () => {
  system = await createEventSystem()
  outcome = await runPlan(system, plan, SETTLE_WITHIN_MS)
  console.log(
    `${count} events, ${good.length} effects, ${poison.length} dead letters, ${plan.lives.length} processes killed, ` +
      `${outcome.seconds.toFixed(1)} s (SEED=${seed})`,
  )
}, SETTLE_WITHIN_MS + 600_000)

afterAll(() => system?.close())

describe(`${count} events, of whose deliveries one in ten fails, in processes that are killed (SEED=${seed})`, () => {
  it('were killed between each step and the next: send, mark, effect, acknowledgement, burial', () => {
    expect(outcome.crashedAt.toSorted()).toEqual(CRASH_POINTS.toSorted())
  })

  it('are stored with the change that they tell of, all of them, and none is left unsent (R28.5, R33.7)', () => {
    expect(outcome.changes.toSorted()).toEqual(plan.events.map(({ id }) => id).toSorted())
    expect(outcome.unsent).toBe(0)
  })

  it('have each of their effects exactly once (R28.7, R35.5)', () => {
    const expected = good.map(({ subscriber, id }) => `${subscriber} ${id} 1`)
    const found = outcome.effects.map(({ subscriber, event_id, times }) => `${subscriber} ${event_id} ${times}`)
    expect(found.toSorted()).toEqual(expected.toSorted())
  })

  it('that never work are kept with their error after as many attempts as their lane makes, no others (R38.7)', () => {
    const attempts = { critical: 5, normal: 3, bulk: 3 }
    const expected = poison.map(({ subscriber, id, lane }) => ({
      subscriber,
      event_id: id,
      attempts: attempts[lane],
      last_error: 'Error: This event is poison',
      status: 'waiting',
    }))
    const found = outcome.deadLetters.map(({ subscriber, event_id, attempts: tried, last_error, status }) => ({
      subscriber,
      event_id,
      attempts: tried,
      last_error,
      status,
    }))
    const bySubject = (a: { subscriber: string; event_id: string }, b: typeof a) =>
      `${a.subscriber} ${a.event_id}` < `${b.subscriber} ${b.event_id}` ? -1 : 1
    expect(found.toSorted(bySubject)).toEqual(expected.toSorted(bySubject))
  })

  it('are not sent again by a process that starts when all is done, dead letters included', () => {
    expect(outcome.sentForNothing).toBe(0)
  })
})
