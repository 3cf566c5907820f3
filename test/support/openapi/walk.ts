import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { contractedRoutes } from '../../../src/http/openapi/routes.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { type Api, createApi } from '../api.ts'
import { takeLog } from '../log.ts'
import { type Call, callsOf } from './calls.ts'
import { Cast, secretsOfWorker } from './cast.ts'
import { type OpenApi, type Operation, operationsOf } from './document.ts'
import type { Due } from './due.ts'
import { Harvest } from './harvest.ts'
import { type Kind, mutationsOf } from './mutations.ts'
import { type Schemas, schemasOf } from './schemas.ts'
import { BrokenPromise, broken, type Exchange, notRefusedFor, notRefusedWith, unjustlyRefused } from './verdicts.ts'

/** Calls of an operation. */
const CASES = Number(env.CONFORMANCE_CASES) || 20
/** The same seed makes the same calls; ids and times differ. */
const SEED = Number(env.CONFORMANCE_SEED) || 1
/** Which operations are called so often, by their names: all of them where it is empty. */
const ONLY = new RegExp(env.CONFORMANCE_ONLY, 'i')
/** Milliseconds that a test may take which calls one operation. */
export const PATIENCE_MS = 20_000 + CASES * 300
/** What was learned becomes known to calls after so many. */
const ROUND = 100
/** A failure is made smaller for no longer than this. */
const SHRINKING_MS = 15_000

/** An API that says all it can in its log, and whose passwords cost nothing: they alone take long by design. */
export function createApiToWalk(): Api {
  return createApi({ settings: { LOG_LEVEL: 'debug' }, passwords: new PasswordHasher({ log2N: 1, r: 1, p: 1 }) })
}

/** The documents that an app answers, whichever versions it has. */
export async function documentsOf(api: Api): Promise<OpenApi[]> {
  const paths = contractedRoutes(api.app).flatMap(({ path }) => (path.startsWith('/openapi/') ? [path] : []))
  const log = takeLog()
  const answers = await Promise.all(paths.map((path) => api.get(path)))
  log.stop()
  return answers.map(({ body }) => body as unknown as OpenApi)
}

/** Whether this run is about the operation: the others are called to learn from them. */
export function isWanted({ name }: Operation): boolean {
  return ONLY.test(name)
}

/** Walks the operations of one document with people of its own. */
export class Walk {
  /** All that the document has. */
  readonly operations: Operation[]
  readonly schemas: Schemas
  /** The names of operations that were done at least once, and not only refused. */
  readonly done = new Set<string>()
  readonly #cast: Cast
  readonly #harvest: Harvest
  readonly #secrets = secretsOfWorker()
  readonly #log = takeLog()

  private constructor(document: OpenApi, cast: Cast) {
    this.operations = operationsOf(document)
    this.schemas = schemasOf(document)
    this.#cast = cast
    this.#harvest = new Harvest(() => cast.ids())
  }

  static async begin(api: Api, document: OpenApi): Promise<Walk> {
    return new Walk(document, await Cast.assemble(api))
  }

  /** Gives the log back. */
  end(): void {
    this.#log.stop()
  }

  /**
   * Calls every operation a few times, those that need no ids first, so that there is something to speak of. Whether
   * the answers are right is not asked yet.
   */
  async warmUp(): Promise<void> {
    const ids = ({ parameters }: Operation) => parameters.filter(({ in: place }) => place === 'path').length
    const ordered = this.operations.toSorted((a, b) => ids(a) - ids(b))
    for (const seed of [SEED, SEED + 1]) {
      for (const operation of ordered) {
        for (const call of this.sample(operation, 2, seed)) await this.#exchange(call)
      }
    }
  }

  /** Some calls that the document allows. */
  sample(operation: Operation, count: number, seed = SEED): Call[] {
    return fc.sample(this.#calls(operation), { numRuns: count, seed })
  }

  /** Sends a call. @throws BrokenPromise where the answer is none that the document promises, or tells too much */
  async send(call: Call): Promise<Exchange> {
    const exchange = await this.#exchange(call)
    const token = call.who === 'nobody' ? [] : [this.#cast.tokenOf(call.who)]
    demand(broken(exchange, this.schemas, { secrets: [...this.#secrets, ...token], log: this.#log.lines() }), exchange)
    return exchange
  }

  /** Sends valid calls: they are taken. */
  async callValid(operation: Operation): Promise<void> {
    const calls = () => this.#calls(operation)
    await this.#check(CASES, calls, (call) => this.#expect(call, { kind: 'acceptance' }))
  }

  /** Sends calls that are spoiled in ways of one kind: they get what is due. Answers how many were sent. */
  async callSpoiled(operation: Operation, kind: Kind, cases = Math.ceil(CASES / 5)): Promise<number> {
    let sent = 0
    const spoiled = () =>
      fc.tuple(this.#calls(operation), fc.noShrink(fc.nat())).map(([call, which]) => {
        const ways = mutationsOf(kind, call, this.schemas)
        return ways[which % ways.length]?.()
      })
    if (fc.sample(spoiled(), { numRuns: 3, seed: SEED }).every((one) => one === undefined)) return 0
    await this.#check(cases, spoiled, async (mutation) => {
      if (mutation === undefined) return
      sent += 1
      await this.#expect(mutation.call, mutation.due)
    })
    return sent
  }

  async #exchange(call: Call): Promise<Exchange> {
    const exchange = await this.#cast.send(call)
    this.#harvest.learn(call, exchange.answer)
    if (exchange.answer.status < 300) this.done.add(call.operation.name)
    return exchange
  }

  #calls(operation: Operation): fc.Arbitrary<Call> {
    return callsOf(operation, this.schemas, this.#harvest)
  }

  async #expect(call: Call, due: Due): Promise<void> {
    const exchange = await this.send(call)
    if (due.kind === 'acceptance') demand(unjustlyRefused(exchange, this.schemas), exchange)
    if (due.kind === 'naming') demand(notRefusedFor(exchange, due.fields), exchange)
    if (due.kind === 'refusal') demand(notRefusedWith(exchange, due.status, due.code), exchange)
  }

  async #check<T>(cases: number, make: () => fc.Arbitrary<T>, run: (value: T) => Promise<void>): Promise<void> {
    for (let done = 0; done < cases; done += ROUND) {
      const result = await fc.check(fc.asyncProperty(make(), run), {
        numRuns: Math.min(ROUND, cases - done),
        seed: SEED + done,
        interruptAfterTimeLimit: SHRINKING_MS,
      })
      if (result.failed) {
        const { errorInstance: error, numRuns, numShrinks } = result
        const why = error instanceof BrokenPromise ? error.message : ((error as Error | null)?.stack ?? String(error))
        const again = `CONFORMANCE_SEED=${SEED} CONFORMANCE_CASES=${CASES}`
        throw new Error(`${why}\ncall ${done + numRuns}, made smaller ${numShrinks} times; again: ${again}`)
      }
    }
  }
}

function demand(complaints: readonly string[], exchange: Exchange): void {
  if (complaints.length > 0) throw new BrokenPromise(complaints, exchange)
}
