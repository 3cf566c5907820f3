/**
 * Tabs of one browser share the refresh cookie, so they also share its use: one refreshes at a time, and hands the
 * others what it got. Where a browser lacks an interface, and in Node, each is alone in that.
 */
export interface Channel<Note> {
  /** `hadToWait`: another tab did the like just now, and what it told of that may be on its way still. */
  exclusively<T>(work: (hadToWait: boolean) => Promise<T>): Promise<T>
  /** To all others; one's own is not heard. */
  tell(note: Note): void
  close(): void
}

interface Shared {
  navigator?: { locks?: Locks }
  BroadcastChannel?: new (name: string) => Broadcast
}

interface Locks {
  request<T>(name: string, options: { ifAvailable?: boolean }, work: (lock: unknown) => T | Promise<T>): Promise<T>
}

interface Broadcast {
  postMessage(note: unknown): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  close(): void
}

/** Only pages of this origin can speak on a channel, and they all run this code. */
export function joinTabs<Note>(name: string, onNote: (note: Note) => void): Channel<Note> {
  const { navigator, BroadcastChannel } = globalThis as Shared
  const locks = navigator?.locks
  const channel = BroadcastChannel && new BroadcastChannel(name)
  channel?.addEventListener('message', (event) => onNote(event.data as Note))
  return {
    exclusively: (work) => (locks ? inTurn(locks, name, work) : work(false)),
    tell: (note) => channel?.postMessage(note),
    close: () => channel?.close(),
  }
}

async function inTurn<T>(locks: Locks, name: string, work: (hadToWait: boolean) => Promise<T>): Promise<T> {
  const first = await locks.request(name, { ifAvailable: true }, async (lock): Promise<{ answer: T } | null> => {
    return lock ? { answer: await work(false) } : null
  })
  return first ? first.answer : locks.request(name, {}, () => work(true))
}

export function aloneTab<Note>(): Channel<Note> {
  return { exclusively: (work) => work(false), tell: () => {}, close: () => {} }
}

/** What the tabs of one signed-in person tell each other. */
export interface Tabs {
  /** To the person's other tabs. Of `data` a copy arrives, so it holds nothing but data. */
  tell(topic: string, data?: unknown): void
  /** Hears what other tabs tell of a topic. Answers the way to stop. */
  listen(topic: string, listener: (data: unknown) => void): () => void
}
