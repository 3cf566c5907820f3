import type { ServiceContext } from './context.ts'
import { catalogSubscribers } from './features/catalog/subscribers.ts'
import { chatSubscribers } from './features/chat/subscribers.ts'
import { identitySubscribers } from './features/identity/index.ts'
import { notificationSubscribers } from './features/notifications/subscribers.ts'
import { operationsSubscribers } from './features/operations/index.ts'
import { realtimeSubscribers } from './features/realtime/subscribers.ts'
import type { Subscriber } from './platform/queues/subscriber.ts'

/** Who hears what: every named reaction to an event. */
export const SUBSCRIBERS: readonly Subscriber<ServiceContext>[] = [
  ...identitySubscribers,
  ...chatSubscribers,
  ...realtimeSubscribers,
  ...notificationSubscribers,
  ...operationsSubscribers,
  ...catalogSubscribers,
]
