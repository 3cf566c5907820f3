import { eq } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { Refusal } from '../../platform/errors.ts'
import { beginOperation, type ShownOperation } from '../long-work/index.ts'
import type { ProcessProductsBody } from './process-schemas.ts'
import { PROCESS_PRODUCTS } from './product-process.ts'
import { categories } from './tables.ts'

/**
 * Begins to change all products of a category or a brand, of however many there are.
 * @throws Refusal 403 for who may not publish or delete, 422 for a category that is none
 */
export async function processProducts(ctx: ServiceContext, wanted: ProcessProductsBody): Promise<ShownOperation> {
  const { action, products } = wanted
  const [session] = await Promise.all([ctx.session(), demandCategory(ctx, products)])
  const missing = PROCESS_PRODUCTS.needs(wanted).filter((needed) => !session.permissions.includes(needed))
  if (missing.length > 0) throw new Refusal('FORBIDDEN', `This also needs the permission ${missing.join(', ')}`)
  return beginOperation(ctx, {
    store: 'catalog',
    kind: PROCESS_PRODUCTS,
    input: wanted,
    resultPath: `/products?${new URLSearchParams(products)}`,
    // By its id somebody else can stop it.
    told: (operationId) => [
      ctx.audit('PRODUCTS_PROCESSED', {
        ...{ targetType: 'products', targetId: action },
        details: { ...wanted, operationId },
      }),
    ],
  })
}

async function demandCategory(ctx: ServiceContext, products: ProcessProductsBody['products']): Promise<void> {
  if (!('categoryId' in products)) return
  const found = await ctx.catalog.db
    .select({ id: categories.id })
    .from(categories)
    .where(eq(categories.id, products.categoryId))
  if (found.length > 0) return
  const message = 'There is no such category'
  throw new Refusal('UNPROCESSABLE', message, { fields: [{ field: 'products.categoryId', message }] })
}
