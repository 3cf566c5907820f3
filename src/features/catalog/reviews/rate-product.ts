import { type SQL, sql } from 'drizzle-orm'

/** What a change takes away from a product's rating, and what it adds: stars. */
export interface RatingChange {
  taken?: number | undefined
  given?: number | undefined
}

/**
 * Has the rating of a product follow in the batch of what changes it, whoever else does so at the same time: it says by
 * how much, and a guard of its review says that it is so once. Stands before `expectChanged`.
 */
export function rateProduct(
  productId: string,
  { taken, given }: RatingChange,
  { at, onlyPublished = false }: { at: number; onlyPublished?: boolean },
): SQL {
  const count = (given === undefined ? 0 : 1) - (taken === undefined ? 0 : 1)
  const sum = (given ?? 0) - (taken ?? 0)
  const moved = (stars: number | undefined, by: number) =>
    stars === undefined
      ? []
      : // What is bound comes as REAL, which JSON would keep.
        [sql`, ${placeOf(stars)}, cast(json_extract(star_counts, ${placeOf(stars)}) + ${by} as integer)`]
  const counts = sql.join([...moved(taken, -1), ...moved(given, 1)])
  return sql`
    update products set
      star_counts = json_set(star_counts${counts}),
      rating_count = rating_count + ${count},
      rating_sum = rating_sum + ${sum},
      rating = case when rating_count + ${count} = 0 then 0
        else cast(round(100.0 * (rating_sum + ${sum}) / (rating_count + ${count})) as integer) end,
      version = version + 1,
      updated_at = max(updated_at, ${at})
    where id = ${productId}${onlyPublished ? sql` and state = 'published'` : sql``}
  `
}

function placeOf(stars: number): string {
  return `$[${stars - 1}]`
}
