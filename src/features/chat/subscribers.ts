import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { PersonBlocked, PersonUnblocked } from '../people/events.ts'
import { RoomActive, RoomCreated } from './events.ts'
import { projectActivity, projectRoom } from './project-room.ts'
import { tellPairOfBlock } from './tell-pair-of-block.ts'

const inBatch = { lane: 'normal', once: { by: 'batch', store: 'core' } } as const
const inRoom = { lane: 'critical', once: { by: 'object', store: 'core' } } as const

/**
 * What D1 knows of rooms: each compares by seq, so order and repeats do not matter. And what private rooms know of their
 * people's blocks, where the call that made one did not reach them: they compare by time.
 */
export const chatSubscribers = [
  subscriber('chat.project-room', RoomCreated, inBatch, (ctx: ServiceContext, { payload }) =>
    projectRoom(ctx, payload),
  ),
  subscriber('chat.project-activity', RoomActive, inBatch, (ctx: ServiceContext, { payload }) =>
    projectActivity(ctx, payload),
  ),
  subscriber('chat.tell-pair-of-block', PersonBlocked, inRoom, (ctx: ServiceContext, { payload }) =>
    tellPairOfBlock(ctx, payload, true),
  ),
  subscriber('chat.tell-pair-of-unblock', PersonUnblocked, inRoom, (ctx: ServiceContext, { payload }) =>
    tellPairOfBlock(ctx, payload, false),
  ),
]
