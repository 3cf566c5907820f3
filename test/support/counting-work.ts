import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import * as z from 'zod'
import { createSystemContext } from '../../src/compose.ts'
import type { ServiceContext } from '../../src/context.ts'
import { CatalogPageDue } from '../../src/features/long-work/events.ts'
import { anyKind, type OperationKind, runPage } from '../../src/features/long-work/index.ts'
import type { operations } from '../../src/features/long-work/tables.ts'
import { keepDeadLetter } from '../../src/features/operations/index.ts'
import { createIsolate } from '../../src/isolate.ts'
import type { EventEnvelope } from '../../src/platform/events.ts'
import { consumeBatch } from '../../src/platform/queues/consume.ts'
import { LANES } from '../../src/platform/queues/lanes.ts'
import { subscriber } from '../../src/platform/queues/subscriber.ts'
import { makeOperation } from './operation-examples.ts'
import { makePerson, type TestPerson } from './people.ts'
import { deliverTo, eventOf, messageFor, recordingLog } from './queues.ts'

export const PAGES = 3
const Place = z.object({ page: z.int() })
type Page = (ctx: ServiceContext, page: number) => unknown

/** Three pages of ten things; each writes a row, which nothing keeps from being written twice. */
export function counting(during: Page = () => undefined, holds = sql`true`): OperationKind<unknown, { page: number }> {
  return {
    name: 'law.count',
    input: z.unknown(),
    place: Place,
    needs: () => ['update:product', 'publish:product'],
    begin: async () => ({ place: { page: 0 }, total: 10 * PAGES }),
    page: async (ctx, _input, { page }) => {
      await during(ctx, page)
      const steps = [sql`insert into law_pages values (${page})`]
      return {
        ...{ steps, holds, done: 10, place: { page: page + 1 } },
        ...{ isLast: page === PAGES - 1, result: { pages: page + 1 } },
      }
    },
  }
}

/** Work of that kind, in the hands of a test: whose it is, how it is delivered, and what has come of it. */
export class CountingWork {
  readonly log = recordingLog()
  /** Milliseconds that are added to the time. */
  ahead = 0
  readonly isolate = { ...createIsolate(env, () => Date.now() + this.ahead), log: this.log }
  #operationId = ''
  #owner: TestPerson | undefined

  /** One that waits for its first page, of an admin's. */
  begin = async (): Promise<void> => {
    await env.CATALOG_DB.exec('create table if not exists law_pages (page integer)')
    await env.CATALOG_DB.prepare('delete from law_pages').run()
    this.#owner = await makePerson(this.isolate, { role: 'admin' })
    const id = await makeOperation(this.#owner.id, { kind: 'law.count', input: {} })
    this.#operationId = id.replace('catalog.', '')
  }

  get owner(): TestPerson {
    if (!this.#owner) throw new Error('Nothing was begun')
    return this.#owner
  }

  /** One consumer that does this kind of work. Answers the verdict on the messages. */
  deliver = (kind: ReturnType<typeof counting>, sent: { body: unknown; attempts?: number }[], budgetMs?: number) =>
    deliverTo(
      (batch) =>
        consumeBatch(batch, {
          subscribers: [
            subscriber(
              'law.run-page',
              CatalogPageDue,
              { lane: 'bulk', once: { by: 'batch', store: 'catalog' } },
              (ctx: ServiceContext, { payload }) =>
                runPage(ctx, { store: 'catalog', kinds: [anyKind(kind)], ...(budgetMs && { budgetMs }) }, payload),
            ),
          ],
          makeContext: (delivery) => createSystemContext(this.isolate, env, 'law', () => undefined, delivery),
          bury: keepDeadLetter,
          log: this.log,
          clock: this.isolate.clock,
        }),
      LANES.bulk.queue,
      sent,
    )

  due = (step: number, given: Partial<EventEnvelope> = {}) => ({
    body: messageFor(
      'law.run-page',
      eventOf(CatalogPageDue.type, { payload: { operationId: this.#operationId, step }, ...given }),
    ),
  })

  state = () =>
    env.CATALOG_DB.prepare('select * from operations where id = ?')
      .bind(this.#operationId)
      .first<Pick<typeof operations.$inferSelect, 'state' | 'step' | 'done' | 'total' | 'error' | 'result'>>()

  pages = async () =>
    (await env.CATALOG_DB.prepare('select page from law_pages order by page').all<{ page: number }>()).results.map(
      ({ page }) => page,
    )

  /** The steps of the messages that pages have left for the next one. */
  told = async () =>
    (
      await env.CATALOG_DB.prepare('select sequence from outbox where aggregate_id = ? order by sequence')
        .bind(this.#operationId)
        .all<{ sequence: number }>()
    ).results.map(({ sequence }) => sequence)

  end = (as: string) =>
    env.CATALOG_DB.prepare('update operations set state = ?, finished_at = 1 where id = ?')
      .bind(as, this.#operationId)
      .run()
}
