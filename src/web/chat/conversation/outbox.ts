import { createStore, type Store } from '../../store.ts'
import { attempt, keysOf, type Shelf } from './shelf.ts'

/** A message of mine that the server has not confirmed. */
export interface Pending {
  clientMessageId: string
  roomId: string
  content: string
  /** The message it answers, and what the thread began with. */
  replyTo: { id: string; seq: number; senderId: string; content: string | null } | null
  threadId: string | null
  createdAt: string
  /** Earlier ones are sent first, in whichever tab they were written. */
  order: number
  state: 'sending' | 'failed'
  problem: string | null
}

/** What is not sent yet, of all rooms of one person: kept across reloads, and the same in all of their tabs. */
export interface Outbox {
  readonly state: Store<{ entries: Pending[] }>
  add(entry: Omit<Pending, 'order' | 'state' | 'problem'>): Pending
  change(clientMessageId: string, change: Partial<Pick<Pending, 'state' | 'problem'>>): void
  remove(clientMessageId: string): void
  /** Nothing of it stays on this device. */
  clear(): void
  close(): void
}

export interface OutboxWiring {
  userId: string
  shelf: Shelf
  /** Calls back with the key that another tab has changed (null: all of them). Returns the way to stop. */
  onForeignChange(listener: (key: string | null) => void): () => void
  now?: () => number
}

/** More than this is still sent, but a reload would lose it. */
export const MOST_KEPT = 200
const PREFIX = 'selvage:outbox:'
/** A message that another tab has sent is here by then, or never. */
const LINGER_MS = 5_000

/** One key an entry: two tabs that write at once overwrite nothing of each other. */
export function createOutbox({ userId, shelf, onForeignChange, now = Date.now }: OutboxWiring): Outbox {
  const prefix = `${PREFIX}${userId}:`
  const state = createStore<{ entries: Pending[] }>({ entries: readAll(shelf, prefix) })
  let last = 0
  /** What this page knows to have been on the shelf: what is there no longer, another tab has sent or thrown away. */
  const shelved = new Set(state.value.entries.map(({ clientMessageId }) => clientMessageId))
  const lingering = new Set<ReturnType<typeof setTimeout>>()

  const keep = (entry: Pending) => {
    if (state.value.entries.length > MOST_KEPT) return
    attempt(() => {
      shelf.setItem(prefix + entry.clientMessageId, JSON.stringify(entry))
      shelved.add(entry.clientMessageId)
    })
  }
  const isTaken = (id: string) => shelved.has(id) && shelf.getItem(prefix + id) === null
  const show = (entries: Pending[]) => state.set({ entries: entries.toSorted((a, b) => a.order - b.order) })

  const drop = (id: string) => show(state.value.entries.filter(({ clientMessageId }) => clientMessageId !== id))

  const stop = onForeignChange((key) => {
    if (key !== null && !key.startsWith(prefix)) return
    const stored = readAll(shelf, prefix)
    const ids = new Set(stored.map(({ clientMessageId }) => clientMessageId))
    for (const id of ids) shelved.add(id)
    const changed = key?.slice(prefix.length)
    // Only what the other tab has touched: what could not be stored is known here alone.
    const others = state.value.entries.filter(({ clientMessageId }) => !ids.has(clientMessageId) && key !== null)
    const gone = others.find(({ clientMessageId }) => clientMessageId === changed)
    // Sent over there: it stays in its place until the message itself comes here, which takes it out.
    if (gone?.state === 'sending') lingering.add(setTimeout(() => drop(gone.clientMessageId), LINGER_MS))
    else if (gone) others.splice(others.indexOf(gone), 1)
    show([...others, ...stored])
  })

  return {
    state,
    add: (draft) => {
      last = Math.max(now(), last + 1)
      const entry: Pending = { ...draft, order: last, state: 'sending', problem: null }
      show([...state.value.entries, entry])
      keep(entry)
      return entry
    },
    change: (id, change) => {
      // Nothing is put back that another tab has sent: whatever was refused here, it is done.
      if (isTaken(id)) return change.state === 'failed' ? drop(id) : undefined
      const entries = state.value.entries.map((entry) =>
        entry.clientMessageId === id ? { ...entry, ...change } : entry,
      )
      const changed = entries.find(({ clientMessageId }) => clientMessageId === id)
      if (!changed) return
      show(entries)
      keep(changed)
    },
    remove: (id) => {
      if (!state.value.entries.some(({ clientMessageId }) => clientMessageId === id)) return
      attempt(() => shelf.removeItem(prefix + id))
      drop(id)
    },
    clear: () => {
      for (const key of keysOf(shelf, prefix)) attempt(() => shelf.removeItem(key))
      show([])
    },
    close: () => {
      stop()
      for (const timer of lingering) clearTimeout(timer)
    },
  }
}

function readAll(shelf: Shelf, prefix: string): Pending[] {
  return keysOf(shelf, prefix)
    .map((key) => parse(shelf.getItem(key)))
    .filter((entry) => entry !== null)
    .sort((a, b) => a.order - b.order)
}

/** What an older version of the page has left, or somebody's tool, is passed over. */
function parse(text: string | null): Pending | null {
  try {
    const entry: unknown = JSON.parse(text ?? 'null')
    return isEntry(entry) ? entry : null
  } catch {
    return null
  }
}

function isEntry(entry: unknown): entry is Pending {
  if (typeof entry !== 'object' || entry === null) return false
  const { clientMessageId, roomId, content, createdAt, order, state } = entry as Record<string, unknown>
  const texts = [clientMessageId, roomId, content, createdAt]
  return (
    texts.every((it) => typeof it === 'string') &&
    typeof order === 'number' &&
    (state === 'sending' || state === 'failed')
  )
}
