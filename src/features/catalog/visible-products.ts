import { and, eq } from 'drizzle-orm'
import type { Permission, ServiceContext } from '../../context.ts'
import { Refusal, unauthenticated } from '../../platform/errors.ts'
import type { Condition } from '../../platform/lists/list-query.ts'
import { categories } from './tables.ts'

/** Filters as a client has them: the category as it is named, besides conditions on fields of the list of products. */
export interface ProductFilters {
  conditions: readonly Condition[]
  /** By its slug, its id, or both. */
  category: { slug?: string | undefined; id?: string | undefined }
}

export interface VisibleProducts {
  /** Whether the caller may change products, and so sees all of them, and who owns them. */
  asStaff: boolean
  /** Null where the category is none. */
  conditions: Condition[] | null
  /** The category of all of them, where one is asked for. */
  category: Category | undefined
}

interface Category {
  id: string
  slug: string
}

/**
 * What `find` finds for the caller: published products, or for somebody who may change them those of the state that is
 * asked for. It is asked beside the caller's session, as what everybody sees: only staff wait for both.
 * @throws Refusal for everybody else who asks for a state
 */
export async function findVisible<T>(
  ctx: ServiceContext,
  { conditions, category: named }: ProductFilters,
  find: (view: VisibleProducts) => Promise<T>,
): Promise<T> {
  const category = findCategory(ctx, named)
  const findAs = async (asStaff: boolean) => find(viewFor(asStaff, conditions, await category))
  const asksForState = conditions.some(({ field }) => field === 'state')
  const asEverybody = asksForState ? undefined : findAs(false)
  const [asStaff, found] = await Promise.allSettled([mayChangeProducts(ctx), asEverybody, category])
  if (asStaff.status === 'rejected') throw asStaff.reason
  if (asStaff.value) return await findAs(true)
  if (asEverybody === undefined) {
    if (ctx.actor.kind === 'anonymous') throw unauthenticated('asks for a state of products')
    throw new Refusal('FORBIDDEN', 'Only those who may change products ask for a state of them')
  }
  if (found.status === 'rejected') throw found.reason
  return await asEverybody
}

function viewFor(
  asStaff: boolean,
  conditions: readonly Condition[],
  category: Category | undefined | null,
): VisibleProducts {
  if (category === null) return { asStaff, conditions: null, category: undefined }
  const own: Condition[] = [
    ...(asStaff ? [] : [{ field: 'state', op: 'eq', value: 'published' } as const]),
    ...(category ? [{ field: 'category', op: 'eq', value: category.id } as const] : []),
  ]
  return { asStaff, conditions: [...own, ...conditions], category }
}

/**
 * What the caller sees, where that is known without a question: of a session that is yet to be read it is not, and then
 * nothing is asked of what is remembered.
 */
export function knownView({ actor, sessions }: ServiceContext): 'public' | 'staff' | undefined {
  if (actor.kind === 'anonymous') return 'public'
  const session = actor.kind === 'user' ? sessions.get(actor.sessionId) : undefined
  return session && (session.permissions.includes('update:product') ? 'staff' : 'public')
}

async function mayChangeProducts(ctx: ServiceContext): Promise<boolean> {
  return isStaff(await permissionsOf(ctx))
}

/** Of the caller; a guest has none to change anything by. */
export async function permissionsOf(ctx: ServiceContext): Promise<readonly Permission[]> {
  return ctx.actor.kind === 'user' ? (await ctx.session()).permissions : []
}

/** Whether they see what is not published, and what only concerns those who change products. */
export function isStaff(permissions: readonly Permission[]): boolean {
  return permissions.includes('update:product')
}

/** Undefined where none is asked for, null where there is none of this name. */
async function findCategory(
  ctx: ServiceContext,
  { slug, id }: ProductFilters['category'],
): Promise<Category | undefined | null> {
  if (slug === undefined && id === undefined) return undefined
  const [category] = await ctx.catalog.db
    .select({ id: categories.id, slug: categories.slug })
    .from(categories)
    .where(
      and(
        slug === undefined ? undefined : eq(categories.slug, slug),
        id === undefined ? undefined : eq(categories.id, id),
      ),
    )
  return category ?? null
}
