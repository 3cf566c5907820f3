import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../src/context.ts'
import { operationsSubscribers } from '../../../src/features/operations/index.ts'
import type { EventEnvelope } from '../../../src/platform/events.ts'
import type { Lane } from '../../../src/platform/queues/lanes.ts'
import { type Subscriber, subscriber } from '../../../src/platform/queues/subscriber.ts'
import { reach } from './crashes.ts'
import { attemptOf } from './deliveries.ts'
import { fateOf, lanesOf, PROBES, type ProbeKind, subscriberName } from './probes.ts'

const STORES = { critical: 'core', normal: 'activity', bulk: 'core' } as const

/** Stands in for src/subscribers.ts: everything else of the Worker is the product's own. */
export const SUBSCRIBERS: readonly Subscriber<ServiceContext>[] = [
  ...(Object.keys(PROBES) as ProbeKind[]).flatMap((kind) => lanesOf(kind).map((lane) => hear(kind, lane))),
  ...operationsSubscribers,
]

function hear(kind: ProbeKind, lane: Lane): Subscriber<ServiceContext> {
  const name = subscriberName(kind, lane)
  const store = STORES[lane]
  const handle = async (ctx: ServiceContext, event: EventEnvelope<{ isPoison: boolean }>) => {
    await reach('before-effect')
    if (event.payload.isPoison) throw new Error('This event is poison')
    const fate = fateOf(event.id, attemptOf(name, event.id))
    if (fate === 'fails') throw new Error('This delivery fails')
    // A row that counts, so that a second effect would be seen.
    await ctx[store].commit([
      sql`insert into probe_effects (subscriber, event_id, times) values (${name}, ${event.id}, 1)
        on conflict (subscriber, event_id) do update set times = times + 1`,
    ])
    if (fate === 'fails-late') throw new Error('This delivery fails after its effect')
  }
  return subscriber(name, PROBES[kind], { lane, once: { by: 'batch', store } }, handle)
}
