import type { ServiceContext } from '../../context.ts'
import { SECOND_MS } from '../../platform/clock.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { UserUpdated } from '../identity/events.ts'
import { CatalogPageDue } from '../long-work/events.ts'
import { anyKind, runPage } from '../long-work/index.ts'
import { PROCESS_PRODUCTS } from './product-process.ts'
import { keepProfile } from './reviews/keep-profile.ts'

/** Of one delivery. Others of its batch wait as long for their acknowledgement. */
const BUDGET_MS = 10 * SECOND_MS
const KINDS = [anyKind(PROCESS_PRODUCTS)]

export const catalogSubscribers = [
  subscriber(
    'catalog.keep-profile',
    UserUpdated,
    { lane: 'normal', once: { by: 'batch', store: 'catalog' } },
    (ctx: ServiceContext, { payload }) => keepProfile(ctx, payload),
  ),
  subscriber(
    'catalog.run-page',
    CatalogPageDue,
    { lane: 'bulk', once: { by: 'batch', store: 'catalog' } },
    (ctx: ServiceContext, { payload }) =>
      runPage(ctx, { store: 'catalog', kinds: KINDS, budgetMs: BUDGET_MS }, payload),
  ),
]
