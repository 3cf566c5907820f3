import { env } from 'cloudflare:workers'
import { DATABASE_BINDINGS } from '../../../src/env.ts'
import { LANES } from '../../../src/platform/queues/lanes.ts'
import type { Border } from './border.ts'
import type { Patches } from './patches.ts'

const QUEUES = new Map<object, string>([
  [env.CRITICAL_QUEUE, LANES.critical.queue],
  [env.NORMAL_QUEUE, LANES.normal.queue],
  [env.BULK_QUEUE, LANES.bulk.queue],
])

type Watch = (binding: object, name: string, border: Border, patches: Patches) => void

/** By what the runtime calls a binding's class. Databases and objects are watched apart; assets cost nothing. */
const WATCHES: Record<string, Watch> = {
  D1Database: () => undefined,
  KvNamespace: watchKv,
  WorkerQueue: watchQueue,
  Ratelimit: (binding, _name, border, patches) =>
    patches.replace(binding, 'limit', () => async () => {
      border.count('limiter')
      return { success: true }
    }),
  WorkflowImpl: watchWorkflow,
  DurableObjectNamespace: () => undefined,
  Fetcher: () => undefined,
  Object: () => undefined,
  Array: () => undefined,
}

/** Counts what is asked of every binding. A binding of a class that nobody counts is an error. */
export function watchBindings(border: Border, patches: Patches): void {
  for (const [name, binding] of Object.entries(env)) {
    // The runner of the tests has bindings of its own.
    if (typeof binding !== 'object' || binding === null || name.startsWith('__')) continue
    const kind = binding.constructor.name
    const watch = WATCHES[kind]
    if (!watch) throw new Error(`The ledger does not count ${name}, which is a ${kind}: add it to WATCHES`)
    watch(binding, name, border, patches)
  }
  watchDatabases(border, patches)
}

interface Counted {
  meta: { rows_read?: number; rows_written?: number }
}

/** Whatever a statement is sent by, these two methods of a session send it: also for `first` and `raw`. */
function watchDatabases(border: Border, patches: Patches): void {
  const names = new Map(Object.entries(DATABASE_BINDINGS).map(([name, bound]) => [fetcherOf(env[bound]), name]))
  const session = Object.getPrototypeOf(env.DB.withSession('first-primary')) as object
  for (const member of ['_sendOrThrow', '_queryOrThrow']) {
    patches.replace(
      session,
      member,
      (original) =>
        async function (this: D1DatabaseSession, ...args) {
          const answer = await border.track<Counted | Counted[]>(original.apply(this, args))
          const answers = [answer].flat()
          const place = `d1.${names.get(fetcherOf(this))}`
          border.count(`${place}.queries`, answers.length)
          for (const { meta } of answers) {
            border.count(`${place}.read`, meta.rows_read ?? 0)
            border.count(`${place}.written`, meta.rows_written ?? 0)
          }
          return answer
        },
    )
  }
}

/** By what a database and its sessions send: the same object for all of one database. */
function fetcherOf(database: object): unknown {
  return Reflect.get(database, 'fetcher')
}

function watchKv(binding: object, _name: string, border: Border, patches: Patches): void {
  const members = { get: 'reads', getWithMetadata: 'reads', put: 'writes', delete: 'deletes', list: 'lists' }
  for (const [member, what] of Object.entries(members)) {
    patches.replace(
      binding,
      member,
      (original) =>
        function (this: unknown, ...args) {
          border.count(`kv.${what}`)
          return border.track(original.apply(binding, args))
        },
    )
  }
}

function watchQueue(binding: object, _name: string, border: Border, patches: Patches): void {
  const queue = QUEUES.get(binding)
  if (queue === undefined) throw new Error('A queue of no lane')
  const take = async (bodies: unknown[]) => {
    border.count('queue.writes', bodies.length)
    for (const body of bodies) border.put({ queue, body: JSON.parse(JSON.stringify(body)) })
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }
  }
  patches.replace(binding, 'send', () => (body) => take([body]))
  patches.replace(binding, 'sendBatch', () => (all: Iterable<MessageSendRequest>) => {
    return take([...all].map(({ body }) => body))
  })
}

function watchWorkflow(binding: object, _name: string, border: Border, patches: Patches): void {
  patches.replace(binding, 'createBatch', () => async (all: { params: unknown }[]) => {
    border.count('workflow.instances', all.length)
    for (const { params } of all) border.beginWorkflow(params)
    return []
  })
}
