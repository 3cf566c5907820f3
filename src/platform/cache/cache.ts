import type { Clock } from '../clock.ts'
import { Refusal } from '../errors.ts'
import type { Logger } from '../observability/log.ts'
import { type CacheSpace, type KeyPart, keyText } from './cache-space.ts'
import type { CacheEntry, CacheTier, Look } from './cache-tier.ts'

/** What one request lends to the cache of its isolate. */
export interface CacheCall {
  log: Logger
  meter: { noteCache(what: 'cacheHits' | 'cacheCalls'): void }
  /** For what goes on after the answer. */
  defer: (work: Promise<unknown>) => void
}

/** Values that are remembered, as a verb sees them. */
export interface Cache {
  /**
   * What is remembered under the key, or what `load` answers. Everybody gets a value of their own, which has been JSON.
   * Throws what `load` throws, and nothing else: a refusal is never remembered.
   */
  read<V, K extends KeyPart>(space: CacheSpace<V, K>, key: K, load: () => Promise<V>): Promise<V>
  /** What is remembered under the key, or null where nothing is: nothing is loaded. */
  known<V, K extends KeyPart>(space: CacheSpace<V, K>, key: K): Promise<V | null>
  /**
   * Nothing that was loaded before this is answered again, as far as docs/caching.md says. False where a tier could not
   * be told, which is logged: who must not leave it at that calls again.
   */
  invalidate(tags: readonly string[]): Promise<boolean>
}

/** For so long an inner tier is believed about tags: then the outermost one, which hears of more writes, is asked. */
export const BELIEVED_MS = 5_000
/** A tier that has failed is left alone for so long. */
const LEFT_ALONE_MS = 5_000
/** So long somebody waits for what another request loads; then one of them loads it, as that may have died. */
const PATIENCE_MS = 3_000
/** Larger values are loaded each time. */
const MOST_CHARACTERS = 400_000

interface Asked {
  space: CacheSpace<unknown, never>
  key: string
  tags: readonly string[]
  load: () => Promise<unknown>
}

interface Flight {
  text: Promise<string>
  tags: readonly string[]
}

/** The tiers of an isolate, nearest first, and what is being loaded in it. */
export class TieredCache {
  readonly #tiers: readonly CacheTier[]
  readonly #clock: Clock
  readonly #random: () => number
  readonly #patienceMs: number
  readonly #flights = new Map<string, Flight>()
  readonly #downUntil = new Map<CacheTier, number>()

  constructor({
    tiers,
    clock,
    random = Math.random,
    patienceMs = PATIENCE_MS,
  }: {
    tiers: readonly CacheTier[]
    clock: Clock
    random?: () => number
    patienceMs?: number
  }) {
    this.#tiers = tiers
    this.#clock = clock
    this.#random = random
    this.#patienceMs = patienceMs
  }

  /** The same for one request. */
  open(call: CacheCall): Cache {
    return {
      read: async (space, key, load) => {
        const asked = { space, key: keyText(space.name, key), tags: space.tagsOf(key), load }
        return valueIn(space, await this.#flyOnce(asked.key, asked.tags, call, () => this.#read(asked, call)))
      },
      known: async (space, key) => {
        // A null that is loaded is not remembered, and is no answer for those who want it loaded.
        const asked = { space: { ...space, negativeMs: 0 }, key: keyText(space.name, key), tags: space.tagsOf(key) }
        const look = () => this.#read({ ...asked, load: () => Promise.resolve(null) }, call)
        return valueIn(space, await this.#flyOnce(`known ${asked.key}`, asked.tags, call, look))
      },
      invalidate: (tags) => this.#invalidate(tags, call),
    }
  }

  /** Of all who want the same at once, the first one does the work. */
  async #flyOnce(key: string, tags: readonly string[], call: CacheCall, work: () => Promise<string>): Promise<string> {
    const underWay = this.#flights.get(key)
    if (underWay !== undefined) {
      const text = await within(underWay.text, this.#patienceMs)
      if (text !== undefined) return text
      if (this.#flights.get(key) === underWay) this.#flights.delete(key)
      return this.#flyOnce(key, tags, call, work)
    }
    const text = work().finally(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    })
    const flight: Flight = { text, tags }
    this.#flights.set(key, flight)
    // Others wait for it, so it ends though whoever began it goes away.
    call.defer(text.catch(() => undefined))
    return text
  }

  async #read(asked: Asked, call: CacheCall): Promise<string> {
    const looks: (Look | undefined)[] = []
    let stale: CacheEntry | undefined
    let unsure: CacheEntry | undefined
    for (const [i, tier] of this.#tiers.entries()) {
      const look = await this.#look(tier, i, asked, call)
      looks.push(look)
      if (look === undefined) continue
      const { entry } = look
      const now = this.#clock()
      const isLast = i === this.#tiers.length - 1
      // What an inner tier has not heard of may have been raised further out.
      unsure = undefined
      if (!entry || now >= entry.goneAt) continue
      if (!isLast && asked.tags.length > 0 && now >= entry.checkedAt + BELIEVED_MS) {
        unsure = entry
        continue
      }
      if (now >= entry.freshUntil) {
        stale = entry
        continue
      }
      call.meter.noteCache('cacheHits')
      const checkedAt = isLast ? now : entry.checkedAt
      await this.#keep(looks.slice(0, i), { ...entry, checkedAt }, asked, call)
      return entry.text
    }
    if (stale) {
      call.meter.noteCache('cacheHits')
      const again = this.#flyOnce(`again ${asked.key}`, asked.tags, call, () => this.#load(asked, looks, call))
      call.defer(
        again.catch((error: unknown) => call.log.warn('Cache Not Renewed', { cache: asked.space.name, error })),
      )
      return stale.text
    }
    try {
      return await this.#load(asked, looks, call)
    } catch (error) {
      // The outer tiers are down as well as what is loaded from: what was true a moment ago is better than nothing.
      if (unsure === undefined || error instanceof Refusal) throw error
      call.log.warn('Cache Not Renewed', { cache: asked.space.name, error })
      return unsure.text
    }
  }

  async #load({ space, key, tags, load }: Asked, looks: readonly (Look | undefined)[], call: CacheCall) {
    const loadedAt = this.#clock()
    const value = await load()
    if (value === undefined) throw new Error(`The cache ${space.name} was given nothing: null says that there is none`)
    const isNone = value === null
    const text = isNone ? NONE : space.form.write(value)
    const freshMs = (isNone ? space.negativeMs : space.ttlMs) * (1 - space.jitter * this.#random())
    if (freshMs <= 0 || text.length > MOST_CHARACTERS) return text
    const freshUntil = loadedAt + freshMs
    const entry = {
      text,
      freshUntil,
      goneAt: freshUntil + (isNone ? 0 : space.staleMs),
      checkedAt: loadedAt,
      stamps: [],
    }
    await this.#keep(looks, entry, { space, key, tags, load }, call)
    return text
  }

  async #look(tier: CacheTier, place: number, { key, tags, space }: Asked, call: CacheCall): Promise<Look | undefined> {
    if ((this.#downUntil.get(tier) ?? 0) > this.#clock()) return undefined
    try {
      if (tier.isRemote) call.meter.noteCache('cacheCalls')
      const look = await tier.look(key, tags)
      if (place === 0 && !tier.isRemote) return look
      const fits = look.entry === undefined || isOf(space, look.entry.text)
      return fits ? look : { ...look, entry: undefined }
    } catch (error) {
      this.#downUntil.set(tier, this.#clock() + LEFT_ALONE_MS)
      call.log.warn('Cache Down', { tier: tier.name, error })
      return undefined
    }
  }

  /** At once in the isolate, after the answer elsewhere; each tier with the stamps that it had before. */
  async #keep(looks: readonly (Look | undefined)[], entry: CacheEntry, { key }: Asked, call: CacheCall): Promise<void> {
    const keepMs = entry.goneAt - this.#clock()
    if (keepMs <= 0) return
    for (const [i, look] of looks.entries()) {
      const tier = this.#tiers[i]
      if (!tier || !look) continue
      const kept = tier.keep(key, { ...entry, stamps: look.stamps }, keepMs)
      if (!tier.isRemote) {
        await kept
        continue
      }
      call.meter.noteCache('cacheCalls')
      call.defer(kept.catch((error: unknown) => call.log.warn('Cache Down', { tier: tier.name, error })))
    }
  }

  /** From the outside in: an inner tier that is told first could take up an old value from an outer one again. */
  async #invalidate(tags: readonly string[], call: CacheCall): Promise<boolean> {
    let isDone = true
    for (const tier of this.#tiers.toReversed()) {
      try {
        if (tier.isRemote) call.meter.noteCache('cacheCalls')
        await tier.raise(tags)
      } catch (error) {
        isDone = false
        call.log.error('Cache Not Invalidated', { tier: tier.name, tags, error })
      }
    }
    // What is under way may have been read before the change: nobody joins it any more.
    for (const [key, flight] of this.#flights) {
      if (flight.tags.some((tag) => tags.includes(tag))) this.#flights.delete(key)
    }
    return isDone
  }
}

/** The text of `null`, which stands for none in every space. */
const NONE = 'null'

/** The text was made of a `V` by this isolate, or fits the schema of its space. */
function valueIn<V>({ form }: Pick<CacheSpace<V, never>, 'form'>, text: string): V {
  return text === NONE ? (null as V) : form.read(text)
}

/** Whether a text that comes from outside the isolate is a value of the space. */
function isOf(space: CacheSpace<unknown, never>, text: string): boolean {
  try {
    return space.schema.safeParse(valueIn(space, text)).success
  } catch {
    return false
  }
}

/** Undefined where it takes longer. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
