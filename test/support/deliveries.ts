import worker from '../../src/index.ts'

/** What the platform's own ids look like: a test that hands over a batch itself gives its messages others. */
const PLATFORM_ID = /^[0-9a-f]{32}$/
/** A delivery that takes longer than this is stuck, and says so by what it leaves. */
const PATIENCE_MS = 5_000

const underWay = new Set<Promise<unknown>>()
/** What was sent at this time or before is of a file that has ended. In milliseconds. */
let endedAt = Number.POSITIVE_INFINITY

/**
 * The broker of the local queues survives `reset()`, with all that waits there for its batch or its next try, and a
 * consumer that is at work goes on. So what an earlier file has sent is acknowledged unread.
 */
const consume = worker.queue
worker.queue = (batch, env, ctx) => {
  const sent = batch.messages.find(({ id }) => PLATFORM_ID.test(id))
  if (!sent) return consume(batch, env, ctx)
  for (const message of batch.messages) if (message.timestamp.getTime() <= endedAt) message.ack()
  const messages = batch.messages.filter(({ timestamp }) => timestamp.getTime() > endedAt)
  if (messages.length === 0) return Promise.resolve()
  const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(watch(work))
  const watched = new Proxy(ctx, {
    get: (target, name) => (name === 'waitUntil' ? waitUntil : Reflect.get(target, name, target)),
  })
  return watch(consume({ queue: batch.queue, messages } as unknown as MessageBatch, env, watched))
}

function watch<T>(work: Promise<T>): Promise<T> {
  const settled = work.then(
    () => undefined,
    () => undefined,
  )
  underWay.add(settled)
  void settled.then(() => underWay.delete(settled))
  return work
}

/** Nothing that was sent until now is handled from now on, and what is being handled has ended when this resolves. */
export async function endDeliveries(): Promise<void> {
  endedAt = Number.POSITIVE_INFINITY
  const until = Date.now() + PATIENCE_MS
  while (underWay.size > 0 && Date.now() < until) {
    await Promise.race([Promise.all(underWay), scheduler.wait(PATIENCE_MS)])
  }
}

/** What is sent from now on is handled. */
export function beginDeliveries(): void {
  endedAt = Date.now()
}
