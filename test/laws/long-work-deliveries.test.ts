import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { CountingWork, counting, PAGES } from '../support/counting-work.ts'

const BUDGET_MS = 10_000
const work = new CountingWork()
const { deliver, due, state, pages, told } = work
beforeEach(() => work.begin())

describe('a delivery of long work', () => {
  it('goes on with further pages while its budget lasts, each a commit of its own, and what was changed is forgotten once', async () => {
    let forgotten = 0
    const seen: unknown[] = []
    const kind = counting(async () => {
      seen.push([(await state())?.step, await pages()])
    })
    const counted = {
      ...kind,
      after: async () => {
        forgotten += 1
      },
    }
    const { retried } = await deliver(counted, [due(0)], BUDGET_MS)
    expect([retried, seen]).toEqual([
      [],
      [
        [0, []],
        [1, [0]],
        [2, [0, 1]],
      ],
    ])
    expect([await pages(), await told(), forgotten]).toEqual([[0, 1, 2], [1, 2], 1])
    expect(await state()).toMatchObject({ state: 'succeeded', step: PAGES, done: 30 })
    // The messages of the pages that were done meanwhile come late.
    await deliver(counted, [due(1), due(2), due(0)], BUDGET_MS)
    expect([await pages(), await told(), forgotten]).toEqual([[0, 1, 2], [1, 2], 1])
  })

  it('leaves the next page to its message where its budget is used up', async () => {
    const slow = counting(() => {
      work.ahead += BUDGET_MS / 2
    })
    await deliver(slow, [due(0)], BUDGET_MS)
    expect([await pages(), await told()]).toEqual([
      [0, 1],
      [1, 2],
    ])
    await deliver(slow, [due(2)], BUDGET_MS)
    expect(await state()).toMatchObject({ state: 'succeeded', done: 30 })
  })

  it('leaves a further page that fails to its message, and is not tried again itself', async () => {
    const broken = counting((_ctx, page) => {
      if (page > 0) throw new Error('It does not work')
    })
    const { acknowledged, retried } = await deliver(broken, [due(0)], BUDGET_MS)
    expect([acknowledged.length, retried, await pages(), await told()]).toEqual([1, [], [0], [1]])
    expect(await state()).toMatchObject({ state: 'running', step: 1, error: null })
    await deliver(counting(), [due(1)], BUDGET_MS)
    expect(await pages()).toEqual([0, 1, 2])
  })

  it('that meets others of the same work at once does each page once', async () => {
    const all = [0, 1, 2].flatMap((step) => [due(step), due(step)])
    const verdicts = await Promise.all(all.map((one) => deliver(counting(), [one], BUDGET_MS)))
    expect(verdicts.flatMap(({ retried }) => retried)).toEqual([])
    expect([await pages(), await told()]).toEqual([
      [0, 1, 2],
      [1, 2],
    ])
  })
})

describe('long work of somebody who may no longer do it', () => {
  const loses: [string, (id: string) => Promise<unknown>][] = [
    [
      'was demoted',
      (id) =>
        run('update user_roles set role_id = (select id from roles where name = ?2) where user_id = ?1', id, 'user'),
    ],
    ['was deactivated', (id) => run('update users set is_active = 0 where id = ?', id)],
    ['was erased', (id) => run('update users set is_active = 0, deleted_at = 1 where id = ?', id)],
  ]
  it.each(loses)('ends before its next page where its owner %s', async (_how, lose) => {
    await deliver(counting(), [due(0)])
    await lose(work.owner.id)
    const { retried } = await deliver(counting(), [due(1)], BUDGET_MS)
    expect([retried, await pages()]).toEqual([[], [0]])
    const { error, ...ended } = (await state()) ?? { error: null }
    expect(ended).toMatchObject({ state: 'failed', step: 1, done: 10, finished_at: expect.any(Number) })
    expect(JSON.parse(String(error))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('no longer'),
    })
  })

  it('ends within a delivery too, which asks before each page', async () => {
    const losing = counting((_ctx, page) => {
      if (page === 1) return run('update users set is_active = 0 where id = ?', work.owner.id)
    })
    await deliver(losing, [due(0)], BUDGET_MS)
    expect([await pages(), (await state())?.state]).toEqual([[0, 1], 'failed'])
  })
})

function run(sql: string, ...values: unknown[]) {
  return env.DB.prepare(sql)
    .bind(...values)
    .run()
}
