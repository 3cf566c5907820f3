import type { ServiceContext } from '../../context.ts'
import { batchedSubscriber, subscriber } from '../../platform/queues/subscriber.ts'
import { PersonBlocked, PersonUnblocked } from '../people/events.ts'
import { MembersChanged, RoomCreated, RoomSummarised, RoomUpdated } from './events.ts'
import { projectMembers, projectRoom, projectSettings } from './project-room.ts'
import { becomeLarge, projectSummaries } from './project-summaries.ts'
import { tellPairOfBlock } from './tell-pair-of-block.ts'

const inBatch = { lane: 'normal', once: { by: 'batch', store: 'core' } } as const
/** Until D1 knows of a new member, they cannot address the room. */
const promptly = { ...inBatch, lane: 'critical' } as const

const inRoom = { lane: 'critical', once: { by: 'object', store: 'core' } } as const

/**
 * What D1 knows of rooms: each compares versions, so order and repeats do not matter. And what private rooms know of
 * their people's blocks, where the call that made one did not reach them: they compare by time.
 */
export const chatSubscribers = [
  subscriber('chat.project-room', RoomCreated, promptly, (ctx: ServiceContext, { payload }) =>
    projectRoom(ctx, payload),
  ),
  subscriber('chat.project-members', MembersChanged, promptly, (ctx: ServiceContext, { payload }) =>
    projectMembers(ctx, payload, payload.isLarge ? becomeLarge([payload.roomId]) : []),
  ),
  subscriber('chat.project-settings', RoomUpdated, inBatch, (ctx: ServiceContext, { payload }) =>
    projectSettings(ctx, payload),
  ),
  batchedSubscriber('chat.project-summary', RoomSummarised, { lane: 'normal', store: 'core' }, projectSummaries),
  subscriber('chat.tell-pair-of-block', PersonBlocked, inRoom, (ctx: ServiceContext, { payload }) =>
    tellPairOfBlock(ctx, payload, true),
  ),
  subscriber('chat.tell-pair-of-unblock', PersonUnblocked, inRoom, (ctx: ServiceContext, { payload }) =>
    tellPairOfBlock(ctx, payload, false),
  ),
]
