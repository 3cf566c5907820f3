import type { Message } from '../../../client/index.ts'
import { createStore, type Store } from '../../store.ts'
import { attempt, clearShelf, type Shelf } from './shelf.ts'

export type ComposerMode = { kind: 'new' } | { kind: 'reply'; message: Message } | { kind: 'edit'; message: Message }

/** What is being written in one place. */
export interface Draft {
  text: string
  mode: ComposerMode
}

export interface DraftStore {
  readonly state: Store<Draft>
  write(text: string): void
  reply(message: Message): void
  /** What was being written waits until the edit is over. */
  edit(message: Message): void
  /** Back to a new message, with what was being written before. */
  cancel(): void
  /** It is sent. */
  finish(): void
  /** The edit was refused: its words come back, at once where nothing else is begun, else with the next edit. */
  refuse(message: Message, text: string): void
  close(): void
}

const PREFIX = 'selvage:draft:'

export interface DraftWiring {
  shelf: Shelf
  userId: string
  /** The room, or the room and the thread. */
  place: string
  /** Calls back with the key that another tab has changed (null: all of them). Returns the way to stop. */
  onForeignChange(listener: (key: string | null) => void): () => void
  /** The person is at this page: nothing is changed under their hands. */
  isInUse(): boolean
}

/** What is typed in a room is kept on this device until it is sent, and is the same in all tabs. */
export function openDraft({ shelf, userId, place, onForeignChange, isInUse }: DraftWiring): DraftStore {
  const key = `${PREFIX}${userId}:${place}`
  let written = shelf.getItem(key) ?? ''
  const state = createStore<Draft>({ text: written, mode: { kind: 'new' } })
  const keep = (text: string) => {
    written = text
    attempt(() => (text === '' ? shelf.removeItem(key) : shelf.setItem(key, text)))
  }
  const isEdit = () => state.value.mode.kind === 'edit'
  /** Edits that were refused, by the message: nowhere else are their words. */
  const refused = new Map<string, string>()
  let finished: Draft | null = null
  const edit = (message: Message) =>
    state.set({ text: refused.get(message.id) ?? message.content, mode: { kind: 'edit', message } })
  const letGo = () => {
    if (state.value.mode.kind === 'edit') refused.delete(state.value.mode.message.id)
  }
  const close = onForeignChange((changed) => {
    if ((changed !== null && changed !== key) || isInUse()) return
    written = shelf.getItem(key) ?? ''
    if (!isEdit() && state.value.text !== written) state.set({ text: written })
  })
  return {
    state,
    close,
    write: (text) => {
      if (!isEdit()) keep(text)
      state.set({ text })
    },
    reply: (message) => state.set({ text: written, mode: { kind: 'reply', message } }),
    edit,
    cancel: () => {
      letGo()
      state.set({ text: written, mode: { kind: 'new' } })
    },
    finish: () => {
      if (!isEdit()) keep('')
      letGo()
      state.set({ text: written, mode: { kind: 'new' } })
      finished = state.value
    },
    refuse: (message, text) => {
      refused.set(message.id, text)
      if (state.value === finished) edit(message)
    },
  }
}

export function clearDrafts(shelf: Shelf, userId: string): void {
  clearShelf(shelf, `${PREFIX}${userId}:`)
}
