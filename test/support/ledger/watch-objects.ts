import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { ChatRoom, Figures, RateLimiter, UserSessions, UserSocket } from '../../../durable-objects/index.ts'
import type { Border } from './border.ts'
import type { Patches } from './patches.ts'

const CLASSES = {
  ...{ CHAT_ROOM: ChatRoom, USER_SOCKET: UserSocket, USER_SESSIONS: UserSessions },
  ...{ RATE_LIMITER: RateLimiter, FIGURES: Figures },
}
type ObjectBinding = keyof typeof CLASSES

/** `Object.keys` forgets that these are all there are. */
export const OBJECT_BINDINGS = Object.keys(CLASSES) as ObjectBinding[]

/** Counts calls to objects where they go out, and alarms, frames and rows where they arrive. */
export async function watchObjects(border: Border, patches: Patches): Promise<void> {
  const namespaces = Object.entries(env).filter(([, one]) => one?.constructor?.name === 'DurableObjectNamespace')
  const unknown = namespaces.filter(([name]) => !Object.hasOwn(CLASSES, name))
  if (unknown.length > 0) throw new Error(`The ledger does not count ${unknown.map(([name]) => name).join(', ')}`)
  for (const binding of OBJECT_BINDINGS) {
    watchCalls(binding, border, patches)
    watchClass(binding, border, patches)
  }
  await runInDurableObject(env.FIGURES.getByName('of nobody'), (_figures, state) => {
    watchStorage(state.storage, border, patches)
    patches.replace(
      Object.getPrototypeOf(state),
      'waitUntil',
      (original) =>
        function (this: DurableObjectState, work) {
          border.track(Promise.resolve(work)).catch(() => undefined)
          return original.call(this, work)
        },
    )
  })
}

function watchCalls(binding: ObjectBinding, border: Border, patches: Patches): void {
  const namespace = env[binding]
  for (const member of ['getByName', 'get']) {
    patches.replace(namespace, member, (original) => (...args) => {
      const stub = original.apply(namespace, args)
      // A test's own tools want the stub itself.
      return border.isCounting ? countedStub(stub, binding, border) : stub
    })
  }
}

function countedStub(stub: object, binding: ObjectBinding, border: Border): object {
  return new Proxy(stub, {
    get(target, member) {
      // A thenable is awaited by the language itself: a stub must not look like one.
      if (typeof member === 'symbol' || member === 'then') return undefined
      // A method of a stub is itself a stub, so it is called in place, never taken off.
      const callable = target as Record<string, (...args: unknown[]) => Promise<unknown>>
      if (typeof callable[member] !== 'function') return callable[member]
      return (...args: unknown[]) => {
        border.count(`objects.${binding}.requests`)
        return border.track(Promise.resolve(callable[member]?.(...args)))
      }
    },
  })
}

const ARRIVALS: Record<string, string> = { alarm: 'alarms', webSocketMessage: 'frames' }

/** Whatever of an object is called, by whomever, shows whose storage is whose. */
function watchClass(binding: ObjectBinding, border: Border, patches: Patches): void {
  const { prototype } = CLASSES[binding]
  for (const member of Object.getOwnPropertyNames(prototype)) {
    if (member === 'constructor' || typeof Reflect.get(prototype, member) !== 'function') continue
    patches.replace(
      prototype,
      member,
      (original) =>
        function (this: { ctx: DurableObjectState }, ...args) {
          border.know(this.ctx.storage, { binding, id: this.ctx.id })
          const arrival = ARRIVALS[member]
          if (arrival) border.count(`objects.${binding}.${arrival}`)
          const answer: unknown = original.apply(this, args)
          return answer instanceof Promise ? border.track(answer) : answer
        },
    )
  }
}

function watchStorage(storage: DurableObjectStorage, border: Border, patches: Patches): void {
  patches.replace(
    Object.getPrototypeOf(storage.sql),
    'exec',
    (original) =>
      function (this: SqlStorage, ...args) {
        const isWaking = border.isWaking(this)
        const cursor: SqlStorageCursor<Record<string, SqlStorageValue>> = original.apply(this, args)
        // It knows what it has read when it was read, which is at once: no cursor is kept.
        queueMicrotask(() => border.countRows(this, cursor.rowsRead, cursor.rowsWritten, isWaking))
        return cursor
      },
  )
  const countRow = (target: object, member: string, read: number, written: number) =>
    patches.replace(
      Object.getPrototypeOf(target),
      member,
      (original) =>
        function (this: object, ...args) {
          border.countRows(this, read, written)
          return original.apply(this, args)
        },
    )
  countRow(storage.kv, 'get', 1, 0)
  countRow(storage.kv, 'put', 0, 1)
  countRow(storage.kv, 'delete', 0, 1)
  patches.replace(
    Object.getPrototypeOf(storage),
    'setAlarm',
    () =>
      async function (this: DurableObjectStorage, at: number | Date) {
        // The platform counts it as a row.
        border.countRows(this, 0, 1)
        border.setAlarm(this, Number(at))
      },
  )
  for (const member of ['deleteAlarm', 'deleteAll']) {
    patches.replace(
      Object.getPrototypeOf(storage),
      member,
      (original) =>
        function (this: DurableObjectStorage, ...args) {
          border.dropAlarm(this)
          return original.apply(this, args)
        },
    )
  }
}
