import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { RoomActive, RoomCreated } from './events.ts'
import { projectActivity, projectRoom } from './project-room.ts'

const inBatch = { lane: 'normal', once: { by: 'batch', store: 'core' } } as const

/** What D1 knows of rooms. Each compares by seq, so order and repeats do not matter. */
export const chatSubscribers = [
  subscriber('chat.project-room', RoomCreated, inBatch, (ctx: ServiceContext, { payload }) =>
    projectRoom(ctx, payload),
  ),
  subscriber('chat.project-activity', RoomActive, inBatch, (ctx: ServiceContext, { payload }) =>
    projectActivity(ctx, payload),
  ),
]
