import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { CatalogPageDue } from '../../../src/features/long-work/events.ts'
import type { Operation } from '../../../src/features/long-work/schemas.ts'
import { createIsolate } from '../../../src/isolate.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/platform/clock.ts'
import { idFloor, newId } from '../../../src/platform/ids.ts'
import { pruneFeatures } from '../../../src/scheduled.ts'
import { createApi } from '../../support/api.ts'
import { makeOperation } from '../../support/operation-examples.ts'
import { makePerson } from '../../support/people.ts'

const api = createApi()
const now = Date.now()
const prune = () =>
  pruneFeatures(
    createIsolate(env, () => now),
    env,
  )

async function statesOf(ids: readonly string[], owner: { accessToken: string }) {
  const found = await Promise.all(ids.map((id) => api.as(owner).get<Operation>(`/v1/operations/${id}`)))
  return found.map(({ status, body }) => (status === 200 ? (body.data.error?.code ?? body.data.state) : status))
}

/** The message of an operation's next page, as its event was left at that time: sent, or not yet. */
async function leaveMessage(id: string, { step, at, sentAt }: { step: number; at: number; sentAt: number | null }) {
  const eventId = `${idFloor(at).slice(0, 24)}${newId().slice(24)}`
  await env.CATALOG_DB.prepare(
    `insert into outbox (id, type, version, aggregate_type, aggregate_id, sequence, occurred_at, correlation_id,
       traceparent, payload, sent_at) values (?, ?, 1, 'operation', ?, ?, ?, '', '', '{}', ?)`,
  )
    .bind(eventId, CatalogPageDue.type, id.replace('catalog.', ''), step, at, sentAt)
    .run()
  return eventId
}

it('an operation is given up where it has not moved for an hour, and gone a week after its end', async () => {
  const owner = await makePerson(api.isolate)
  const ended = (finishedAt: number) => ({ state: 'succeeded' as const, finishedAt, updatedAt: finishedAt })
  const ids = [
    await makeOperation(owner.id, { updatedAt: now - HOUR_MS - 1 }),
    await makeOperation(owner.id, { updatedAt: now - HOUR_MS + MINUTE_MS }),
    await makeOperation(owner.id, ended(now - 7 * DAY_MS - 1)),
    await makeOperation(owner.id, ended(now - 7 * DAY_MS + MINUTE_MS)),
  ]
  await prune()
  expect(await statesOf(ids, owner)).toEqual(['UNAVAILABLE', 'pending', 404, 'succeeded'])
})

it('an operation whose message waits behind others is not given up, only one whose message nobody brings any more', async () => {
  const owner = await makePerson(api.isolate)
  const make = async (at: number, given: { step?: number; messageStep?: number; sentAt?: number | null } = {}) => {
    const { step = 3, messageStep = step, sentAt = at } = given
    const state = step === 0 ? 'pending' : 'running'
    const id = await makeOperation(owner.id, { step, state, updatedAt: at })
    return { id, eventId: await leaveMessage(id, { step: messageStep, at, sentAt }) }
  }
  const late = now - 5 * HOUR_MS
  const buried = await make(late)
  const made = [
    await make(late, { step: 0 }),
    await make(late),
    await make(late, { sentAt: null }),
    // Of the page before, which is done.
    await make(late, { messageStep: 2 }),
    buried,
    await make(now - 4 * DAY_MS - MINUTE_MS),
  ]
  await env.DB.prepare(
    `insert into dead_letters (id, lane, subject, body, attempts, status, first_seen_at, last_seen_at)
     values (?, 'bulk', ?, '{}', 3, 'waiting', 1, 1)`,
  )
    .bind(newId(), `catalog.run-page ${buried.eventId}`)
    .run()
  await prune()
  const states = await statesOf(
    made.map(({ id }) => id),
    owner,
  )
  expect(states).toEqual(['pending', 'running', 'running', 'UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE'])
})
