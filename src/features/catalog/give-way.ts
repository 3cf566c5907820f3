import { Refusal } from '../../platform/errors.ts'

const SLUG_TAKEN = 'slug taken'

/** What a constraint on slugs means to whoever has written one. */
export function slugTaken(what: string): Refusal {
  const message = `Another ${what} has this slug`
  return new Refusal('CONFLICT', message, { fields: [{ field: 'slug', message }], reason: SLUG_TAKEN })
}

/**
 * What `create` makes. Where somebody has taken a slug since it was found free, and not all slugs are the client's own,
 * it makes them anew as distinct ones, which carry a part of an id.
 */
export async function givingWay<T>(hasDerived: boolean, create: (distinct: boolean) => Promise<T>): Promise<T> {
  try {
    return await create(false)
  } catch (error) {
    if (!hasDerived || !(error instanceof Refusal) || error.reason !== SLUG_TAKEN) throw error
    return await create(true)
  }
}
