import { and, eq } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../context.ts'
import { expectChanged, GuardFailed, type Step } from '../../platform/db/commit.ts'
import { notFound, Refusal } from '../../platform/errors.ts'
import { tellPairOfBlock } from '../chat/index.ts'
import { findBlock } from './block-queries.ts'
import { type BlockPayload, PersonBlocked, PersonUnblocked } from './events.ts'
import { blocks } from './tables.ts'

/** Blocking whom one has blocked changes nothing. @throws Refusal for oneself, and where there is no such person */
export async function blockPerson(ctx: ServiceContext, blockedId: string): Promise<void> {
  const { userId } = requireUser(ctx)
  if (blockedId === userId) {
    throw new Refusal('UNPROCESSABLE', 'You cannot block yourself', {
      fields: [{ field: 'id', message: 'This is you' }],
    })
  }
  const { person, blockedAt } = await findBlock(ctx.core.db, userId, blockedId)
  if (blockedAt !== undefined) return
  if (!person?.isActive) throw notFound('User')
  const block = { userId, blockedId, at: ctx.clock() }
  const isOurs = await commitUnlessDone(ctx, [
    ctx.core.db.insert(blocks).values({ userId, blockedId, createdAt: block.at }).onConflictDoNothing(),
    expectChanged('block:new'),
    ctx.event(PersonBlocked, { aggregateId: userId, sequence: block.at, payload: block }),
  ])
  if (isOurs) await tellNow(ctx, block, true)
}

/** Unblocking whom one has not blocked changes nothing. @throws Refusal where there is no such person */
export async function unblockPerson(ctx: ServiceContext, blockedId: string): Promise<void> {
  const { userId } = requireUser(ctx)
  const { person, blockedAt } = await findBlock(ctx.core.db, userId, blockedId)
  if (blockedAt === undefined) {
    if (!person) throw notFound('User')
    return
  }
  // Later than the block that it ends, also where another isolate's clock was ahead.
  const block = { userId, blockedId, at: Math.max(ctx.clock(), blockedAt + 1) }
  const isOurs = await commitUnlessDone(ctx, [
    ctx.core.db
      .delete(blocks)
      .where(and(eq(blocks.userId, userId), eq(blocks.blockedId, blockedId), eq(blocks.createdAt, blockedAt))),
    expectChanged('block:there'),
    ctx.event(PersonUnblocked, { aggregateId: userId, sequence: block.at, payload: block }),
  ])
  if (isOurs) await tellNow(ctx, block, false)
}

/** False where another call of the same person was first, and told of it. */
async function commitUnlessDone(ctx: ServiceContext, steps: Step[]): Promise<boolean> {
  try {
    await ctx.core.commit(steps)
    return true
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error
    return false
  }
}

/** From the answer on nobody writes. Where the room cannot be reached now, the event tells it. */
async function tellNow(ctx: ServiceContext, block: BlockPayload, isBlocked: boolean): Promise<void> {
  try {
    await tellPairOfBlock(ctx, block, isBlocked)
  } catch (error) {
    ctx.log.warn('Block Delayed', { error })
  }
}
