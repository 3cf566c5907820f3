import { eq } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { blocks } from './tables.ts'

/** Nobody blocks somebody who is not there any more, nor the other way round. */
export async function eraseBlocks({ core }: ServiceContext, userId: string): Promise<void> {
  await core.commit(
    [
      core.db.delete(blocks).where(eq(blocks.userId, userId)),
      core.db.delete(blocks).where(eq(blocks.blockedId, userId)),
    ],
    { repeatable: true },
  )
}
