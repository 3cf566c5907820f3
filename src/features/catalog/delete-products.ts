import { sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../context.ts'
import { expectChanged } from '../../platform/db/commit.ts'
import { notFound, Refusal } from '../../platform/errors.ts'
import { changedSince, decideAnew } from '../../platform/expected.ts'
import { ProductArchived } from './events.ts'
import { productsChanged } from './product-cache.ts'
import { STILL_THE_SAME } from './product-statements.ts'

interface Standing {
  id: string
  version: number
}

/** Archives all of them or none. @throws Refusal 404 that names those that are not there, by their place */
export function deleteProducts(ctx: ServiceContext, ids: readonly string[]): Promise<void> {
  requireUser(ctx)
  return decideAnew(undefined, () => deleteOnce(ctx, ids))
}

async function deleteOnce(ctx: ServiceContext, ids: readonly string[]): Promise<void> {
  const { db } = ctx.catalog
  const found = await db.all<Standing>(
    sql`select id, version from products
      where id in (select value from json_each(${JSON.stringify(ids)})) and state <> 'archived'`,
  )
  const versions = new Map(found.map(({ id, version }) => [id, version]))
  const missing = ids.flatMap((id, i) => (versions.has(id) ? [] : [{ field: `ids.${i}`, message: 'Not found' }]))
  if (missing.length > 0) throw new Refusal('NOT_FOUND', notFound('Product').message, { fields: missing })

  const given = JSON.stringify(found)
  await ctx.catalog.commit(
    [
      // Changes nothing, and is only counted where all of them are as they were read: afterwards what somebody else has
      // changed meanwhile would look the same.
      sql`update products set version = version where id = ${ids[0]} and ${found.length} = (
        select count(*) from json_each(${given}) as given cross join products
          on products.id = given.value ->> 'id' and products.version = (given.value ->> 'version'))`,
      expectChanged(STILL_THE_SAME),
      sql`update products set state = 'archived', version = products.version + 1, updated_at = ${ctx.clock()}
        from (select value ->> 'id' as id from json_each(${given})) as given
        where products.id = given.id`,
      ...found.flatMap(({ id, version: before }) => {
        const version = before + 1
        return [
          ctx.event(ProductArchived, { aggregateId: id, sequence: version, payload: { productId: id, version } }),
          ctx.audit('PRODUCT_ARCHIVED', { targetType: 'product', targetId: id, details: { version } }),
        ]
      }),
    ],
    { refusals: { [STILL_THE_SAME]: changedSince } },
  )
  await productsChanged(ctx)
}
