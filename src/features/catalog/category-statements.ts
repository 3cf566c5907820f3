import { type SQL, sql } from 'drizzle-orm'
import { expectChanged, type Step } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { MAX_DEPTH } from './domain/category-tree.ts'
import { slugTaken } from './give-way.ts'

const NO_CYCLE = 'category:cycle'
const NOT_TOO_DEEP = 'category:depth'
/** Further up or down nobody looks: a cycle has been met by then. */
const FAR = 2 * MAX_DEPTH

/** The category and all above it, each with how far up it is. */
const above = (id: string): SQL => sql`above (id, parent_id, steps) as (
  select id, parent_id, 0 from categories where id = ${id}
  union all select categories.id, categories.parent_id, steps + 1
    from above cross join categories on categories.id = above.parent_id where steps < ${FAR})`

/** The category and all below it. */
const below = (id: string): SQL => sql`below (id, steps) as (
  select ${id}, 0
  union all select categories.id, steps + 1
    from below cross join categories on categories.parent_id = below.id where steps < ${FAR})`

/**
 * After a category was put where it is: it stands not below itself, and nothing stands too deep. In the commit, where
 * two moves at once are one after the other. Each of these statements changes nothing, and counts only where it holds.
 */
export function expectTree(id: string): Step[] {
  const holds = (condition: SQL) => sql`update categories set position = position where id = ${id} and ${condition}`
  return [
    holds(sql`not exists (with recursive ${above(id)} select 1 from above where id = ${id} and steps > 0)`),
    expectChanged(NO_CYCLE),
    holds(sql`${MAX_DEPTH} > (with recursive ${above(id)} select max(steps) from above)
      + (with recursive ${below(id)} select max(steps) from below)`),
    expectChanged(NOT_TOO_DEEP),
  ]
}

const meaningless = (message: string) => () =>
  new Refusal('UNPROCESSABLE', message, { fields: [{ field: 'parentId', message }] })

/** What guards and constraints of a written category mean. */
export const CATEGORY_REFUSALS = {
  'categories.slug': () => slugTaken('category'),
  [NO_CYCLE]: meaningless('A category cannot stand below itself'),
  [NOT_TOO_DEEP]: meaningless(`Categories stand at most ${MAX_DEPTH} deep`),
  'FOREIGN KEY': meaningless('There is no such category'),
}
