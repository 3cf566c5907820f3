import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { createSystemContext } from '../../src/compose.ts'
import type { ServiceContext } from '../../src/context.ts'
import type { Env } from '../../src/env.ts'
import { UserRegistered } from '../../src/features/identity/events.ts'
import { createIsolate } from '../../src/isolate.ts'
import { ConstraintFailed, expectChanged, GuardFailed, type Step } from '../../src/platform/db/commit.ts'
import { Refusal } from '../../src/platform/errors.ts'
import { newId } from '../../src/platform/ids.ts'
import { forgetNewPlans } from '../support/query-plans.ts'

afterAll(forgetNewPlans)

/** A core database whose answers to batches may be lost: before the batch runs, or after. */
function losing(...faults: ('before' | 'after' | 'none')[]): D1Database {
  const batch = (target: D1DatabaseSession) => async (statements: D1PreparedStatement[]) => {
    const fault = faults.shift() ?? 'none'
    if (fault === 'before') throw new Error('D1_ERROR: Network connection lost.')
    const results = await target.batch(statements)
    if (fault === 'after') throw new Error('D1_ERROR: Network connection lost.')
    return results
  }
  return {
    withSession: (constraint?: string) => {
      const session = env.DB.withSession(constraint)
      return new Proxy(session, {
        get: (target, name) => {
          if (name === 'batch') return batch(target)
          const member = Reflect.get(target, name)
          return typeof member === 'function' ? member.bind(target) : member
        },
      })
    },
  } as D1Database
}

function context(database: D1Database = env.DB): ServiceContext {
  const bindings = { ...env, DB: database } as Env
  return createSystemContext(createIsolate(bindings), bindings, 'test', () => undefined)
}

const change = (n: number) => sql`update counters set value = value + 1 where id = ${n}`
const changeNothing = sql`update counters set value = value + 1 where id = -1`
const happened = (ctx: ServiceContext): Step => {
  const userId = newId()
  return ctx.event(UserRegistered, { aggregateId: userId, sequence: 1, payload: { userId, username: 'counter' } })
}
const read = async () => {
  const values = await env.DB.prepare('select value from counters order by id').all<{ value: number }>()
  const events = await env.DB.prepare("select count(*) as n from outbox where type = 'user.registered'").first<{
    n: number
  }>()
  const audits = (await countAudits()) - auditsBefore
  return { values: values.results.map(({ value }) => value), events: events?.n, audits }
}
/** Audit rows stay: what earlier tests have left is taken off. */
let auditsBefore = 0
const countAudits = async () => {
  const row = await env.DB.prepare("select count(*) as n from audit where action = 'TIER_CHANGED'").first<{
    n: number
  }>()
  return row?.n ?? 0
}
const UNTOUCHED = { values: [0, 0, 0, 0, 0], events: 0, audits: 0 }

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare(
      'create table if not exists counters (id integer primary key, value integer not null check (value < 5))',
    ),
    env.DB.prepare('delete from counters'),
    env.DB.prepare('delete from outbox'),
    env.DB.prepare('insert into counters values (1, 0), (2, 0), (3, 0), (4, 0), (5, 0)'),
  ])
  auditsBefore = await countAudits()
})

describe('commit', () => {
  it('writes five guarded changes, their event and their audit row as one', async () => {
    const ctx = context()
    const steps = [1, 2, 3, 4, 5].flatMap((n) => [change(n), expectChanged(`counter:${n}`)])
    await ctx.core.commit([
      ...steps,
      happened(ctx),
      ctx.audit('TIER_CHANGED', { targetType: 'counter', targetId: '1' }),
    ])
    expect(await read()).toEqual({ values: [1, 1, 1, 1, 1], events: 1, audits: 1 })
  })

  it.each([1, 2, 3, 4, 5])('rolls all of it back when the guard in position %i of five fails', async (position) => {
    const ctx = context()
    const steps = [1, 2, 3, 4, 5].flatMap((n) => [
      n === position ? changeNothing : change(n),
      expectChanged(`counter:${n}`),
    ])
    const audit = ctx.audit('TIER_CHANGED', { targetType: 'counter', targetId: '1' })
    const commit = ctx.core.commit([happened(ctx), ...steps, audit])
    await expect(commit).rejects.toEqual(new GuardFailed(`counter:${position}`))
    expect(await read()).toEqual(UNTOUCHED)
  })

  it('is not misled by a change that another statement made before the guarded one', async () => {
    const ctx = context()
    await expect(ctx.core.commit([change(1), changeNothing, expectChanged('counter:none')])).rejects.toThrow(
      GuardFailed,
    )
    expect(await read()).toEqual(UNTOUCHED)
  })

  it('turns a failed guard and a failed constraint into the refusals of the verb', async () => {
    const ctx = context()
    const soldOut = () => new Refusal('CONFLICT', 'Sold out')
    await expect(
      ctx.core.commit([changeNothing, expectChanged('counter:none')], { refusals: { 'counter:none': soldOut } }),
    ).rejects.toEqual(soldOut())
    await expect(
      ctx.core.commit([sql`insert into counters values (1, 0)`], { refusals: { 'counters.id': soldOut } }),
    ).rejects.toEqual(soldOut())
    const breaking = ctx.core.commit([happened(ctx), change(1), sql`update counters set value = 9`])
    await expect(breaking).rejects.toEqual(new ConstraintFailed('value < 5'))
    expect(await read()).toEqual(UNTOUCHED)
  })

  it('sends a batch again whose answer was lost before it ran', async () => {
    const ctx = context(losing('before'))
    await ctx.core.commit([happened(ctx), change(1), expectChanged('counter:1')])
    expect(await read()).toEqual({ values: [1, 0, 0, 0, 0], events: 1, audits: 0 })
  })

  it('knows by its own event that a batch whose answer was lost has committed, and does it once', async () => {
    const ctx = context(losing('after'))
    await ctx.core.commit([happened(ctx), change(1), expectChanged('counter:1')])
    expect(await read()).toEqual({ values: [1, 0, 0, 0, 0], events: 1, audits: 0 })
  })

  it('knows it by its own audit row where there is no event', async () => {
    const ctx = context(losing('after', 'before'))
    await ctx.core.commit([change(1), ctx.audit('TIER_CHANGED', { targetType: 'counter', targetId: '1' })])
    expect(await read()).toEqual({ values: [1, 0, 0, 0, 0], events: 0, audits: 1 })
  })

  it('does not guess: without a row of its own a lost answer is the caller’s to see, and is not sent again', async () => {
    const ctx = context(losing('after'))
    await expect(ctx.core.commit([change(1)])).rejects.toThrow('Network connection lost')
    expect(await read()).toEqual({ values: [1, 0, 0, 0, 0], events: 0, audits: 0 })
  })

  it('gives up after three lost answers', async () => {
    const ctx = context(losing('before', 'before', 'before'))
    await expect(ctx.core.commit([happened(ctx), change(1)])).rejects.toThrow('Network connection lost')
    expect(await read()).toEqual(UNTOUCHED)
  })

  it('refuses a guard that guards nothing', async () => {
    await expect(context().core.commit([expectChanged('counter:1')])).rejects.toThrow('A guard needs a statement')
    expect(() => expectChanged("x'); drop table users")).toThrow('Not a guard')
  })
})
