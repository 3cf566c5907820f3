import { lt, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { pruneInChunks } from '../../platform/db/prune.ts'
import type { Db } from '../../platform/db/store.ts'
import type { Passed } from '../../platform/security/passing-token.ts'
import { spentTokens } from './tables.ts'

/**
 * Stands first in the batch of a passing token's effect: of many that come with the same token, the batch of one is
 * committed, and the others meet its row. `commit` names that `spent_tokens.id`, for which the caller gives a refusal.
 */
export function spend(ctx: ServiceContext, { id, expiresAt }: Pick<Passed<unknown>, 'id' | 'expiresAt'>): Step {
  return ctx.core.db.insert(spentTokens).values({ id, expiresAt })
}

const PRUNE_CHUNK = 1_000

/** Deletes the rows of tokens that have expired since. Answers how many. */
export function pruneSpentTokens(db: Db, now: number): Promise<number> {
  return pruneInChunks(async () => {
    const gone = await db
      .delete(spentTokens)
      .where(
        sql`${spentTokens.id} in (${db
          .select({ id: spentTokens.id })
          .from(spentTokens)
          .where(lt(spentTokens.expiresAt, now))
          .limit(PRUNE_CHUNK)})`,
      )
      .returning({ id: spentTokens.id })
    return gone.length
  })
}
