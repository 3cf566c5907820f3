import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { MembersChanged, RoomCreated, RoomSummarised, RoomUpdated } from './events.ts'
import { projectMembers, projectRoom, projectSettings, projectSummary } from './project-room.ts'

const inBatch = { lane: 'normal', once: { by: 'batch', store: 'core' } } as const
/** Until D1 knows of a new member, they cannot address the room. */
const promptly = { ...inBatch, lane: 'critical' } as const

/** What D1 knows of rooms. Each compares versions, so order and repeats do not matter. */
export const chatSubscribers = [
  subscriber('chat.project-room', RoomCreated, promptly, (ctx: ServiceContext, { payload }) =>
    projectRoom(ctx, payload),
  ),
  subscriber('chat.project-members', MembersChanged, promptly, (ctx: ServiceContext, { payload }) =>
    projectMembers(ctx, payload),
  ),
  subscriber('chat.project-settings', RoomUpdated, inBatch, (ctx: ServiceContext, { payload }) =>
    projectSettings(ctx, payload),
  ),
  subscriber('chat.project-summary', RoomSummarised, inBatch, (ctx: ServiceContext, { payload }) =>
    projectSummary(ctx, payload),
  ),
]
