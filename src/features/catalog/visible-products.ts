import { and, eq } from 'drizzle-orm'
import type { Permission, ServiceContext } from '../../context.ts'
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

/** Who sees what: everybody, or those who may change products. */
export type View = 'public' | 'staff'

/**
 * What `find` finds for the caller: published products, or those of the state that is asked for by somebody who may
 * change them; of another state nobody else finds any. It is asked beside the caller's session, as what everybody sees:
 * only staff wait for both.
 */
export async function findVisible<T>(
  ctx: ServiceContext,
  { conditions, category: named }: ProductFilters,
  find: (view: VisibleProducts) => Promise<T>,
): Promise<T> {
  if (knownView(ctx) === 'staff') return await seenAs('staff')(ctx, { conditions, category: named }, find)
  const category = findCategory(ctx, named)
  const findAs = async (asStaff: boolean) => find(viewFor(asStaff, conditions, await category))
  const asEverybody = findAs(false)
  const [asStaff] = await Promise.allSettled([mayChangeProducts(ctx), asEverybody, category])
  if (asStaff.status === 'rejected') throw asStaff.reason
  return asStaff.value ? await findAs(true) : await asEverybody
}

/**
 * The same for a view that is decided: nobody's session is asked. What is remembered for a view is found by this alone,
 * as the caller may have become somebody else since its key was made.
 */
export function seenAs(view: View): typeof findVisible {
  return async (ctx, { conditions, category }, find) =>
    await find(viewFor(view === 'staff', conditions, await findCategory(ctx, category)))
}

function viewFor(
  asStaff: boolean,
  asked: readonly Condition[],
  category: Category | undefined | null,
): VisibleProducts {
  const isHidden = asked.some(({ field, value }) => field === 'state' && value !== 'published')
  if (category === null || (isHidden && !asStaff)) return { asStaff, conditions: null, category: undefined }
  const ofCategory: Condition[] = category ? [{ field: 'category', op: 'eq', value: category.id }] : []
  if (asStaff) return { asStaff, conditions: [...ofCategory, ...asked], category }
  const others = asked.filter(({ field }) => field !== 'state')
  const published = { field: 'state', op: 'eq', value: 'published' } as const
  return { asStaff, conditions: [published, ...ofCategory, ...others], category }
}

/**
 * What the caller sees, where that is known without a question: of a session that is yet to be read it is not, and then
 * nothing is asked of what is remembered.
 */
export function knownView({ actor, sessions }: ServiceContext): View | undefined {
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
