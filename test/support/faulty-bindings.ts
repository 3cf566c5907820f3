import type { Env } from '../../src/env.ts'

export interface Fault {
  /** `crash`: the isolate dies at this call. `lost`: only this call fails, as the platform's lost connections do. */
  mode: 'crash' | 'lost'
  /** Which call, counted from 1 in the order in which they start. */
  at: number
  /** `after`: the call is made, its effect stands, and nobody learns of it. */
  side: 'before' | 'after'
}

/** Its text must not look like a lost connection, as those are tried again. */
export class IsolateDied extends Error {
  override readonly name = 'IsolateDied'
  constructor() {
    super('The isolate is gone')
  }
}

/** All that one process says to the outside passes here, is numbered and named, and may meet the fault. */
export class Wire {
  /** The names of the calls that were started, the first of them number 1. */
  readonly calls: string[] = []
  /**
   * The numbers of those calls before which a crash leaves the same as after the call before them: the two are alone on
   * the wire, one after the other, in the process's first request, and nobody has an answer yet.
   */
  readonly followers = new Set<number>()
  readonly #fault: Fault | undefined
  #struck: string | undefined
  #underWay = 0
  #requests = 0
  #answers = 0
  /** Whether the latest call began while no other one was under way, in the first request and before its answer. */
  #wasAlone = false

  constructor(fault?: Fault) {
    this.#fault = fault
  }

  /** The name of the call that met the fault; undefined until it does. */
  get struck(): string | undefined {
    return this.#struck
  }

  /** A dead process does nothing more, deferred work included. */
  get isDead(): boolean {
    return this.#struck !== undefined && this.#fault?.mode === 'crash'
  }

  /** A request to the process: what it is answered leaves it. */
  async answer<T>(serve: () => Promise<T>): Promise<T> {
    this.#requests += 1
    try {
      return await serve()
    } finally {
      this.#answers += 1
    }
  }

  async call<T>(name: string, make: () => Promise<T>): Promise<T> {
    this.#demandLife()
    this.calls.push(name)
    const isAlone = this.#underWay === 0 && this.#requests === 1 && this.#answers === 0
    if (isAlone && this.#wasAlone) this.followers.add(this.calls.length)
    this.#wasAlone = isAlone
    this.#underWay += 1
    try {
      return await this.#make(name, make)
    } finally {
      this.#underWay -= 1
    }
  }

  async #make<T>(name: string, make: () => Promise<T>): Promise<T> {
    const isStruck = this.calls.length === this.#fault?.at
    if (isStruck) {
      // Whatever it answers: nobody hears of it.
      if (this.#fault?.side === 'after') await make().catch(() => undefined)
      throw this.#strike(name)
    }
    const answer = await make()
    // What was under way when the process died has its effect, but nobody hears of it.
    this.#demandLife()
    return answer
  }

  #strike(name: string): Error {
    this.#struck = name
    return this.#fault?.mode === 'crash' ? new IsolateDied() : new Error('Network connection lost.')
  }

  #demandLife(): void {
    if (this.isDead) throw new IsolateDied()
  }
}

/** The same bindings on this wire. Rate limit bindings and assets have no effects, so they stay as they are. */
export function wireEnv(env: Env, wire: Wire): Env {
  return Object.fromEntries(
    Object.entries(env).map(([name, binding]) => [name, wireBinding(binding, name, wire)]),
  ) as Env
}

/** A binding is what the runtime calls its class. */
function wireBinding(binding: unknown, name: string, wire: Wire): unknown {
  switch ((binding as object | undefined)?.constructor.name) {
    case 'D1Database':
      return wireDatabase(binding as D1Database, name, wire)
    case 'WorkerQueue':
      return wireObject(binding as Queue, name, wire)
    case 'DurableObjectNamespace':
      return wireNamespace(binding as DurableObjectNamespace, name, wire)
    case 'R2Bucket':
      return wireBucket(binding as R2Bucket, name, wire)
    default:
      return binding
  }
}

/** Every method is a call. `overrides` stand for members that are none. */
function wireObject<T extends object>(target: T, name: string, wire: Wire, overrides: Partial<T> = {}): T {
  return new Proxy(target, {
    get(_, member) {
      if (member in overrides) return Reflect.get(overrides, member)
      // A thenable is awaited by the language itself, so a stub must not look like one.
      if (typeof member === 'symbol' || member === 'then') return undefined
      // A method of a stub is itself a stub, so it is called in place, never taken off.
      const callable = target as Record<string, (...args: unknown[]) => Promise<unknown>>
      if (typeof callable[member] !== 'function') return callable[member]
      return (...args: unknown[]) => wire.call(`${name}.${member}`, async () => callable[member]?.(...args))
    },
  })
}

function wireNamespace(namespace: DurableObjectNamespace, name: string, wire: Wire) {
  return {
    idFromName: (...args: Parameters<typeof namespace.idFromName>) => namespace.idFromName(...args),
    idFromString: (...args: Parameters<typeof namespace.idFromString>) => namespace.idFromString(...args),
    newUniqueId: (...args: Parameters<typeof namespace.newUniqueId>) => namespace.newUniqueId(...args),
    get: (...args: Parameters<typeof namespace.get>) => wireObject(namespace.get(...args), name, wire),
    getByName: (...args: Parameters<typeof namespace.getByName>) =>
      wireObject(namespace.getByName(...args), name, wire),
  }
}

function wireBucket(bucket: R2Bucket, name: string, wire: Wire): R2Bucket {
  const upload = (made: R2MultipartUpload) => wireObject(made, `${name} upload`, wire)
  return wireObject(bucket, name, wire, {
    createMultipartUpload: (...args) =>
      wire.call(`${name}.createMultipartUpload`, async () => upload(await bucket.createMultipartUpload(...args))),
    resumeMultipartUpload: (...args) => upload(bucket.resumeMultipartUpload(...args)),
  })
}

function wireDatabase(database: D1Database, name: string, wire: Wire) {
  const wired = (client: D1Database | D1DatabaseSession) => ({
    prepare: (sql: string) => new WiredStatement(client.prepare(sql), sql, name, wire),
    batch: (statements: WiredStatement[]) =>
      wire.call(`${name}.batch(${statements.map(({ sql }) => firstWords(sql)).join('; ')})`, () =>
        client.batch(statements.map(({ inner }) => inner)),
      ),
  })
  return {
    ...wired(database),
    withSession(constraint?: string) {
      const session = database.withSession(constraint)
      return { ...wired(session), getBookmark: () => session.getBookmark() }
    },
  }
}

class WiredStatement {
  readonly inner: D1PreparedStatement
  readonly sql: string
  readonly #name: string
  readonly #wire: Wire

  constructor(inner: D1PreparedStatement, sql: string, name: string, wire: Wire) {
    this.inner = inner
    this.sql = sql
    this.#name = name
    this.#wire = wire
  }

  bind(...values: unknown[]): WiredStatement {
    return new WiredStatement(this.inner.bind(...values), this.sql, this.#name, this.#wire)
  }

  all = () => this.#call(() => this.inner.all())
  run = () => this.#call(() => this.inner.run())
  raw = () => this.#call(() => this.inner.raw())
  first = (column?: string) => this.#call(() => (column === undefined ? this.inner.first() : this.inner.first(column)))

  #call<T>(make: () => Promise<T>): Promise<T> {
    return this.#wire.call(`${this.#name}(${firstWords(this.sql)})`, make)
  }
}

/** The verb and its table: enough to find the statement by. */
function firstWords(sql: string): string {
  const flat = withoutParentheses(sql)
  const verb = /^\s*(\w+)/.exec(flat)?.[1] ?? ''
  return `${verb} ${/\b(?:into|from|update)\s+"?(\w+)/i.exec(flat)?.[1] ?? ''}`.trim()
}

function withoutParentheses(sql: string): string {
  const flat = sql.replace(/\([^()]*\)/g, '')
  return flat === sql ? flat : withoutParentheses(flat)
}
