import type { ServiceContext } from '../../context.ts'
import type { BlockPayload } from '../people/events.ts'
import { pairObjectName } from './domain/private-pair.ts'

/**
 * Tells the private room of two people that one of them has blocked the other, or does so no longer. Also where there is
 * no such room yet: one that is being opened at this moment then knows it.
 */
export async function tellPairOfBlock(
  ctx: ServiceContext,
  { userId, blockedId, at }: BlockPayload,
  isBlocked: boolean,
): Promise<void> {
  await ctx.room(pairObjectName(userId, blockedId)).setBlock(userId, { isBlocked, at })
}
