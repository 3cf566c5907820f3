import { requireUser, type ServiceContext } from '../../context.ts'
import type { Act } from '../../platform/audit/acts.ts'
import { expectChanged } from '../../platform/db/commit.ts'
import { notFound } from '../../platform/errors.ts'
import type { EventType } from '../../platform/events.ts'
import { changedSince, demandExpected, type Expected } from '../../platform/expected.ts'
import { ProductArchived, ProductPublished, ProductStockChanged } from './events.ts'
import { productsChanged } from './product-cache.ts'
import { STILL_THE_SAME, updateProduct } from './product-statements.ts'
import { fetchProduct, type WholeProduct } from './queries.ts'
import { type ShownProduct, showProduct, viewerOf } from './show-product.ts'

/** Everybody sees it from now on. One that is published already stays as it is. @throws Refusal 404, 412 */
export function publishProduct(ctx: ServiceContext, id: string, expected: Expected | undefined): Promise<ShownProduct> {
  return change(ctx, id, expected, (product) => {
    if (product.state === 'published') return null
    const now = ctx.clock()
    return {
      set: { state: 'published', publishedAt: now, updatedAt: now },
      event: ProductPublished,
      act: 'PRODUCT_PUBLISHED',
    }
  })
}

/** Only staff see it from now on. One that is archived already stays as it is. @throws Refusal 404, 412 */
export function archiveProduct(ctx: ServiceContext, id: string, expected: Expected | undefined): Promise<ShownProduct> {
  return change(ctx, id, expected, (product) => (product.state === 'archived' ? null : archived(ctx)))
}

/** The same, by whoever deletes it: what is archived already is gone. @throws Refusal 404, 412 */
export async function deleteProduct(ctx: ServiceContext, id: string, expected: Expected | undefined): Promise<void> {
  await change(ctx, id, expected, (product) => {
    if (product.state === 'archived') throw notFound('Product')
    return archived(ctx)
  })
}

/** How many there are. @throws Refusal 404, 412 */
export function setStock(
  ctx: ServiceContext,
  id: string,
  { stock, expected }: { stock: number; expected: Expected | undefined },
): Promise<ShownProduct> {
  return change(ctx, id, expected, (product) =>
    product.stock === stock ? null : { set: { stock, updatedAt: ctx.clock() }, event: ProductStockChanged },
  )
}

interface Change {
  set: Partial<Pick<WholeProduct, 'state' | 'publishedAt' | 'stock'>> & { updatedAt: number }
  event: EventType<{ productId: string; version: number }>
  /** What the audit trail calls it, where it tells of it. */
  act?: Act
}

const archived = (ctx: ServiceContext): Change => ({
  set: { state: 'archived', updatedAt: ctx.clock() },
  event: ProductArchived,
  act: 'PRODUCT_ARCHIVED',
})

/** What `decide` makes of the product as it is; nothing where that is null. */
async function change(
  ctx: ServiceContext,
  id: string,
  expected: Expected | undefined,
  decide: (product: WholeProduct) => Change | null,
): Promise<ShownProduct> {
  requireUser(ctx)
  const [before, viewer] = await Promise.all([fetchProduct(ctx.catalog.db, id), viewerOf(ctx)])
  demandExpected(expected, before.version)
  const decided = decide(before)
  if (decided === null) {
    const shown = showProduct(before, viewer)
    await ctx.catalog.commit(ctx.idempotency.answered(200, shown.product))
    return shown
  }
  const { set, event, act } = decided
  const after: WholeProduct = { ...before, ...set, version: before.version + 1 }
  const shown = showProduct(after, viewer)
  await ctx.catalog.commit(
    [
      ...ctx.idempotency.answered(200, shown.product),
      updateProduct(ctx.catalog.db, before, set),
      expectChanged(STILL_THE_SAME),
      ctx.event(event, {
        aggregateId: id,
        sequence: after.version,
        payload: { productId: id, version: after.version },
      }),
      ...(act ? [ctx.audit(act, { targetType: 'product', targetId: id, details: { version: after.version } })] : []),
    ],
    { refusals: { [STILL_THE_SAME]: changedSince } },
  )
  await productsChanged(ctx)
  return shown
}
