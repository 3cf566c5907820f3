import { type Call, currentCall } from './call.ts'
import type { Meter } from './observability/meter.ts'
import { type Outcome, unwrap } from './result.ts'

// biome-ignore lint/suspicious/noExplicitAny: the arguments of any method, which only `infer` can see.
type Command = (call: Call, ...args: any[]) => Promise<Outcome<unknown>>

/**
 * The commands of an object as its callers see them: the call's scope is put ahead of the arguments, the
 * outcome becomes its value, or its refusal is thrown. Everything else of the class is out of reach.
 */
export type Remote<T> = {
  [K in keyof T as T[K] extends Command ? K : never]: T[K] extends (
    call: Call,
    ...args: infer A
  ) => Promise<Outcome<infer R>>
    ? (...args: A) => Promise<R>
    : never
} & {
  /** The WebSocket upgrade, the one thing that is not a command. */
  fetch(request: Request): Promise<Response>
}

/** Counts each call on the meter, and makes it wait until `ready` (the caller's session) resolves. */
export function remote<T>(stub: object, meter: Meter, ready: () => Promise<unknown>): Remote<T> {
  return new Proxy(stub, {
    get(target, name) {
      // A thenable is awaited by the language itself: a stub must not look like one.
      if (typeof name === 'symbol' || name === 'then') return undefined
      return async (...args: unknown[]) => {
        await ready()
        // A method of a stub is itself a stub, so it is called in place, never taken off.
        const callable = target as Record<string, (...args: unknown[]) => Promise<unknown>>
        if (name === 'fetch') {
          meter.spend('objectHops', 1)
          return callable.fetch?.(...args)
        }
        const answer = callable[name]?.(currentCall(), ...args)
        return unwrap(await meter.hop(answer as Promise<Outcome<unknown>>))
      }
    },
  }) as Remote<T>
}
