import type { Client } from '../client/index.ts'

/** One topic of what the tabs of a signed-in person tell each other. */
export interface TabNotes<Note> {
  tell(note: Note): void
  listen(onNote: (note: Note) => void): () => void
}

/** Only pages of this origin speak on the channel, and they all run this code. */
export function joinNotes<Note>({ tabs }: Pick<Client, 'tabs'>, topic: string): TabNotes<Note> {
  return {
    tell: (note) => tabs.tell(topic, note),
    listen: (onNote) => tabs.listen(topic, (note) => onNote(note as Note)),
  }
}
