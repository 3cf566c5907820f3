import type { ProductState } from '../schemas.ts'

/** Something that can be done with a thing, at a path of the API without its version. */
export interface Action {
  path: string
  /** GET where it is left out. */
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
}

interface Thing {
  id: string
  state: ProductState
  categoryId: string | null
}

/** Where a product leads to, and what somebody with these permissions may do with it as it is now. */
export function productActions(
  { id, state, categoryId }: Thing,
  permissions: readonly string[],
  hasReviews: boolean,
): Record<string, Action> {
  const path = `/products/${id}`
  const may = (...needed: string[]) => needed.every((permission) => permissions.includes(permission))
  return {
    self: { path },
    ...(hasReviews ? { reviews: { path: `${path}/reviews` } } : {}),
    ...(categoryId === null ? {} : { category: { path: `/categories/${categoryId}` } }),
    ...(may('update:product')
      ? {
          update: { path, method: 'PUT' },
          patch: { path, method: 'PATCH' },
          stock: { path: `${path}/stock`, method: 'PATCH' },
        }
      : {}),
    ...(may('update:product', 'publish:product') && state !== 'published'
      ? { publish: { path: `${path}/publish`, method: 'POST' } }
      : {}),
    ...(may('delete:product') && state !== 'archived'
      ? { delete: { path, method: 'DELETE' }, archive: { path: `${path}/archive`, method: 'POST' } }
      : {}),
  }
}
