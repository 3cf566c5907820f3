import { isDeepStrictEqual } from 'node:util'
import { requireUser, type ServiceContext } from '../../context.ts'
import { expectChanged } from '../../platform/db/commit.ts'
import { type FieldError, Refusal } from '../../platform/errors.ts'
import { changedSince, decideAnew, demandExpected, type Expected } from '../../platform/expected.ts'
import { searchKey } from '../../platform/text.ts'
import { faultsOf } from './domain/product-rules.ts'
import { ProductUpdated } from './events.ts'
import { productsChanged } from './product-cache.ts'
import { noSuchCategory, replaceParts, STILL_THE_SAME, TAKEN, updateProduct } from './product-statements.ts'
import { fetchProduct, findCategory, type VariantRow, type WholeProduct } from './queries.ts'
import { type ShownProduct, showProduct, viewerOf } from './show-product.ts'
import type { ReplaceProductBody } from './write-schemas.ts'

/**
 * Writes what `change` makes of the product as a PUT would have to send it; where that is what there is, nothing
 * happens.
 * @throws Refusal 404, 412 where it is none of the expected versions, 409 where a slug or SKU is taken, 422 for what
 * does not go together
 */
export function changeProduct(
  ctx: ServiceContext,
  id: string,
  expected: Expected | undefined,
  change: Wish,
): Promise<ShownProduct> {
  requireUser(ctx)
  return decideAnew(expected, () => changeOnce(ctx, id, expected, change))
}

type Wish = (current: ReplaceProductBody) => ReplaceProductBody

async function changeOnce(
  ctx: ServiceContext,
  id: string,
  expected: Expected | undefined,
  change: Wish,
): Promise<ShownProduct> {
  const { db } = ctx.catalog
  const [before, viewer] = await Promise.all([fetchProduct(db, id), viewerOf(ctx)])
  demandExpected(expected, before.version, () => planChange(ctx, before, change).isSame)
  const { wanted, written, variants, isSame } = planChange(ctx, before, change)
  if (isSame) return showProduct(before, viewer)
  const category = await categoryAfter(ctx, before, wanted.categoryId)
  const changed = { ...written, nameKey: searchKey(wanted.name), updatedAt: ctx.clock() }
  const after: WholeProduct = { ...before, ...changed, ...category, variants, version: before.version + 1 }
  await ctx.catalog.commit(
    [
      updateProduct(db, before, changed),
      expectChanged(STILL_THE_SAME),
      ...(isDeepStrictEqual([before.tags, before.variants], [after.tags, variants])
        ? []
        : replaceParts(before.seq, after)),
      ctx.event(ProductUpdated, {
        aggregateId: id,
        sequence: after.version,
        payload: { productId: id, version: after.version },
      }),
    ],
    { refusals: { ...TAKEN, [STILL_THE_SAME]: changedSince } },
  )
  await productsChanged(ctx)
  return showProduct(after, viewer)
}

/** @throws Refusal 422 for what does not go together */
function planChange(ctx: ServiceContext, before: WholeProduct, change: Wish) {
  const current = writableOf(before)
  const wanted = change(current)
  const { variants, faults } = sameVariants(before.variants, wanted.variants, ctx.newId)
  faults.push(...faultsOf(wanted, ctx.settings.CATALOG_CURRENCY))
  if (faults.length > 0) throw new Refusal('UNPROCESSABLE', 'This does not go together', { fields: faults })
  const { variants: _, ...written } = { ...wanted, tags: [...new Set(wanted.tags)] }
  return { wanted, written, variants, isSame: isDeepStrictEqual({ ...written, variants }, current) }
}

/** What a PUT would have to send to change nothing. */
function writableOf(row: WholeProduct): ReplaceProductBody {
  const { name, slug, sku, description, brand, categoryId, price, compareAtPrice, currency, weightGrams } = row
  const { attributes, images, tags, variants } = row
  return {
    ...{ name, slug, sku, description, brand, categoryId, price, compareAtPrice, currency, weightGrams },
    ...{ attributes, images, tags, variants },
  }
}

/** Variants keep their ids, by which orders know them: by the id that is given, else by their SKU. */
function sameVariants(
  before: readonly VariantRow[],
  wanted: ReplaceProductBody['variants'],
  newId: () => string,
): { variants: VariantRow[]; faults: FieldError[] } {
  const faults: FieldError[] = []
  const known = new Set(before.map(({ id }) => id))
  const used = new Set(wanted.flatMap(({ id }) => id ?? []))
  if (used.size < wanted.filter(({ id }) => id !== undefined).length) {
    faults.push({ field: 'variants', message: 'An id stands here twice' })
  }
  const variants = wanted.map(({ id: given, sku, attributes, price }, i): VariantRow => {
    if (given !== undefined && !known.has(given)) {
      faults.push({ field: `variants.${i}.id`, message: 'The product has no such variant' })
    }
    const same = before.find((variant) => variant.sku === sku && !used.has(variant.id))
    return { id: given ?? same?.id ?? newId(), sku, attributes, price }
  })
  return { variants, faults }
}

async function categoryAfter(
  ctx: ServiceContext,
  before: WholeProduct,
  categoryId: string | null,
): Promise<Pick<WholeProduct, 'category' | 'categoryVersion'>> {
  if (categoryId === null) return { category: null, categoryVersion: null }
  if (categoryId === before.categoryId) return { category: before.category, categoryVersion: before.categoryVersion }
  const found = await findCategory(ctx.catalog.db, categoryId)
  if (!found) throw noSuchCategory()
  return { category: found.slug, categoryVersion: found.version }
}
