/**
 * Tabs of one browser share the refresh cookie, so they also share its use: one refreshes at a time, and hands the
 * others what it got. Where a browser lacks an interface, and in Node, each is alone in that.
 */
export interface Channel<Note> {
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** To all others; one's own is not heard. */
  tell(note: Note): void
  close(): void
}

interface Shared {
  navigator?: { locks?: { request<T>(name: string, work: () => Promise<T>): Promise<T> } }
  BroadcastChannel?: new (name: string) => Broadcast
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
    exclusively: (work) => (locks ? locks.request(name, work) : work()),
    tell: (note) => channel?.postMessage(note),
    close: () => channel?.close(),
  }
}

export function aloneTab<Note>(): Channel<Note> {
  return { exclusively: (work) => work(), tell: () => {}, close: () => {} }
}

/** What the tabs of one signed-in person tell each other. */
export interface Tabs {
  /** To the person's other tabs. Of `data` a copy arrives, so it holds nothing but data. */
  tell(topic: string, data?: unknown): void
  /** Hears what other tabs tell of a topic. Answers the way to stop. */
  listen(topic: string, listener: (data: unknown) => void): () => void
}
