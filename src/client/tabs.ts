/**
 * Tabs of one browser share the refresh cookie, so they also share its use: one refreshes at a time,
 * and hands the others what it got. Where a browser lacks the interfaces, and in Node, each is alone.
 */
export interface Tabs<Note> {
  exclusively<T>(work: () => Promise<T>): Promise<T>
  tell(note: Note): void
}

interface Shared {
  navigator?: { locks?: { request<T>(name: string, work: () => Promise<T>): Promise<T> } }
  BroadcastChannel?: new (name: string) => Channel
}

interface Channel {
  postMessage(note: unknown): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

const NAME = 'selvage-session'

export function joinTabs<Note>(onNote: (note: Note) => void): Tabs<Note> {
  const { navigator, BroadcastChannel } = globalThis as unknown as Shared
  const locks = navigator?.locks
  if (!locks || !BroadcastChannel) return aloneTab()
  const channel = new BroadcastChannel(NAME)
  // Only pages of this origin can speak on the channel, and they all run this code.
  channel.addEventListener('message', (event) => onNote(event.data as Note))
  return {
    exclusively: (work) => locks.request(NAME, work),
    tell: (note) => channel.postMessage(note),
  }
}

export function aloneTab<Note>(): Tabs<Note> {
  return { exclusively: (work) => work(), tell: () => {} }
}
