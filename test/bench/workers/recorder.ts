import type { Trip } from './trip.ts'

const DATABASES = ['DB', 'ACTIVITY_DB', 'CATALOG_DB'] as const

type Handler = (request: Request, env: Record<string, unknown>, ctx: ExecutionContext) => Promise<Response>

/** Serves a request by a whole Worker, and answers with what that has asked its databases for. */
export function record(handle: Handler): Handler {
  return async (request, env, ctx) => {
    const log = new TripLog()
    const watched = Object.fromEntries(DATABASES.map((name) => [name, log.watch(name, env[name] as D1Database)]))
    const answer = await handle(request, { ...env, ...watched }, ctx)
    return Response.json({ status: answer.status, body: await answer.text(), trips: log.trips })
  }
}

class TripLog {
  readonly trips: Trip[] = []
  #wave = 0
  #pending = 0

  watch(binding: string, database: D1Database | D1DatabaseSession): D1Database {
    const log = this
    const recorded = new WeakMap<object, { sql: string; values: unknown[] }>()
    const wrap = (statement: D1PreparedStatement, sql: string, values: unknown[]): D1PreparedStatement => {
      const proxy = new Proxy(statement, {
        get(target, name) {
          if (name === 'bind') return (...given: unknown[]) => wrap(target.bind(...given), sql, given)
          if (name === 'original') return target
          const value = Reflect.get(target, name)
          if (typeof value !== 'function') return value
          return (...given: unknown[]) =>
            log.#trip(binding, [{ sql, values }], () => Reflect.apply(value, target, given) as Promise<unknown>)
        },
      })
      recorded.set(proxy, { sql, values })
      return proxy
    }
    return new Proxy(database as D1Database, {
      get(target, name) {
        if (name === 'prepare') return (sql: string) => wrap(target.prepare(sql), sql, [])
        if (name === 'withSession') {
          return (mark?: string) => log.watch(binding, target.withSession(mark))
        }
        if (name === 'batch') {
          return (statements: D1PreparedStatement[]) => {
            const originals = statements.map((one) => (one as unknown as { original: D1PreparedStatement }).original)
            const known = statements.map((one) => recorded.get(one) ?? { sql: '?', values: [] })
            return log.#trip(binding, known, () => target.batch(originals))
          }
        }
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  async #trip(binding: string, statements: Trip['statements'], work: () => Promise<unknown>): Promise<unknown> {
    if (this.#pending === 0) this.#wave += 1
    this.#pending += 1
    this.trips.push({ wave: this.#wave, binding, statements })
    try {
      return await work()
    } finally {
      this.#pending -= 1
    }
  }
}
