import { eq } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { Refusal, unauthenticated } from '../../platform/errors.ts'
import type { Condition } from '../../platform/lists/list-query.ts'
import { categories } from './tables.ts'

/** Filters as a client has them: the category by its slug, besides conditions on fields of the list of products. */
export interface ProductFilters {
  conditions: readonly Condition[]
  categorySlug?: string | undefined
}

export interface VisibleProducts {
  /** Whether the caller may change products, and so sees all of them, and who owns them. */
  asStaff: boolean
  /** Null where the category is none. */
  conditions: Condition[] | null
}

/**
 * What these filters find for the caller: published products, or those of the state that is asked for by somebody who
 * may change them.
 * @throws Refusal for everybody else who asks for a state
 */
export async function visibleProducts(
  ctx: ServiceContext,
  { conditions, categorySlug }: ProductFilters,
): Promise<VisibleProducts> {
  const [asStaff, categoryId] = await Promise.all([mayChangeProducts(ctx), categoryOf(ctx, categorySlug)])
  const asksForState = conditions.some(({ field }) => field === 'state')
  if (asksForState && !asStaff) {
    if (ctx.actor.kind === 'anonymous') throw unauthenticated('asks for a state of products')
    throw new Refusal('FORBIDDEN', 'Only those who may change products ask for a state of them')
  }
  if (categoryId === null) return { asStaff, conditions: null }
  return {
    asStaff,
    conditions: [
      ...(asStaff ? [] : [{ field: 'state', op: 'eq', value: 'published' } as const]),
      ...(categoryId === undefined ? [] : [{ field: 'category', op: 'eq', value: categoryId } as const]),
      ...conditions,
    ],
  }
}

async function mayChangeProducts(ctx: ServiceContext): Promise<boolean> {
  if (ctx.actor.kind !== 'user') return false
  return (await ctx.session()).permissions.includes('update:product')
}

/** Undefined where none is asked for, null where there is none of this name. */
async function categoryOf(ctx: ServiceContext, slug: string | undefined): Promise<string | undefined | null> {
  if (slug === undefined) return undefined
  const [category] = await ctx.catalog.db
    .select({ id: categories.id })
    .from(categories)
    .where(eq(categories.slug, slug))
  return category?.id ?? null
}
