import type { Tally } from './ops.ts'

/** A message that a queue was given, as it travels. */
export interface Given {
  queue: string
  body: unknown
}

/** Where an alarm rings. */
export interface Place {
  binding: string
  id: DurableObjectId
}

/**
 * What goes over the border of the program while something is measured. Queues, alarms and workflows keep here what they
 * were given until the measurement lets it happen.
 */
export class Border {
  #counts = new Map<string, number>()
  #isCounting = false
  #underWay = 0
  #messages: Given[] = []
  readonly #workflows: unknown[] = []
  readonly #alarms = new Map<DurableObjectStorage, number>()
  readonly #places = new WeakMap<object, Place & { storage: DurableObjectStorage }>()
  /** Rows of objects that are not known yet: their constructors read before anything of theirs was called. */
  #rowsOf: { storage: object; read: number; written: number; isWaking: boolean }[] = []
  /** The storage of each object's latest instance, and of its first one of this measurement. */
  readonly #latest = new Map<string, DurableObjectStorage>()
  #first = new Map<string, DurableObjectStorage>()

  get isCounting(): boolean {
    return this.#isCounting
  }

  get isBusy(): boolean {
    return this.#underWay > 0
  }

  get counts(): Tally {
    this.#placeRows()
    return new Map(this.#counts)
  }

  /** `isWarm`: objects are in memory. */
  begin(isWarm: boolean): void {
    this.#first = new Map(isWarm ? this.#latest : [])
    this.#counts = new Map()
    this.#rowsOf = []
    this.#isCounting = true
  }

  end(): Tally {
    this.#placeRows()
    if (this.#rowsOf.length > 0) throw new Error('Rows were touched of an object that nobody has called')
    this.#isCounting = false
    return new Map(this.#counts)
  }

  count(place: string, amount = 1): void {
    if (this.#isCounting) this.#counts.set(place, (this.#counts.get(place) ?? 0) + amount)
  }

  /** Whether nothing of the object has been called that this storage, or part of one, belongs to: its constructor runs. */
  isWaking(storage: object): boolean {
    return !this.#places.has(storage)
  }

  countRows(storage: object, read: number, written: number, isWaking = this.isWaking(storage)): void {
    if (this.#isCounting) this.#rowsOf.push({ storage, read, written, isWaking })
  }

  /** Work that nobody may wait for: nothing rests while it goes on. */
  async track<T>(work: Promise<T>): Promise<T> {
    this.#underWay += 1
    try {
      return await work
    } finally {
      this.#underWay -= 1
    }
  }

  /** Its storage, and the parts of that by which rows are touched, belong to this object. */
  know(storage: DurableObjectStorage, place: Place): void {
    if (this.#places.has(storage)) return
    this.#inheritAlarm(storage, place)
    for (const part of [storage, storage.sql, storage.kv]) this.#places.set(part, { ...place, storage })
    const id = place.id.toString()
    this.#latest.set(id, storage)
    if (!this.#first.has(id)) this.#first.set(id, storage)
  }

  setAlarm(storage: DurableObjectStorage, at: number): void {
    this.#alarms.set(storage, at)
  }

  dropAlarm(storage: DurableObjectStorage): void {
    this.#alarms.delete(storage)
  }

  /** The alarm that rings first, unless that is later than this; it is taken out. */
  takeAlarm(until: number, isWanted: (place: Place) => boolean = () => true): (Place & { at: number }) | undefined {
    const due = [...this.#alarms]
      .flatMap(([storage, at]) => {
        const place = this.#places.get(storage)
        return at <= until && place && isWanted(place) ? [{ ...place, storage, at }] : []
      })
      .toSorted((a, b) => a.at - b.at)[0]
    if (due) this.#alarms.delete(due.storage)
    return due
  }

  put(given: Given): void {
    this.#messages.push(given)
  }

  takeMessages(): Given[] {
    const messages = this.#messages
    this.#messages = []
    return messages
  }

  beginWorkflow(params: unknown): void {
    this.#workflows.push(params)
  }

  takeWorkflow(): unknown {
    return this.#workflows.shift()
  }

  /** An object that has woken has the alarm that was set before it slept. */
  #inheritAlarm(storage: DurableObjectStorage, { id }: Place): void {
    for (const [other, at] of this.#alarms) {
      if (other === storage || !this.#places.get(other)?.id.equals(id)) continue
      this.#alarms.delete(other)
      if (!this.#alarms.has(storage)) this.#alarms.set(storage, at)
    }
  }

  #placeRows(): void {
    this.#rowsOf = this.#rowsOf.filter(({ storage, read, written, isWaking }) => {
      const place = this.#places.get(storage)
      if (!place) return true
      // It has fallen asleep and woken again meanwhile: that shows how slow the machine is, which is nobody's cost.
      if (isWaking && this.#first.get(place.id.toString()) !== place.storage) return false
      this.count(`objects.${place.binding}.read`, read)
      this.count(`objects.${place.binding}.written`, written)
      return false
    })
  }
}
