import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { CatalogPageDue } from '../long-work/events.ts'
import { anyKind, runPage } from '../long-work/index.ts'
import { PROCESS_PRODUCTS } from './product-process.ts'

const KINDS = [anyKind(PROCESS_PRODUCTS)]

export const catalogSubscribers = [
  subscriber(
    'catalog.run-page',
    CatalogPageDue,
    { lane: 'bulk', once: { by: 'batch', store: 'catalog' } },
    (ctx: ServiceContext, { payload }) => runPage(ctx, { store: 'catalog', kinds: KINDS }, payload),
  ),
]
