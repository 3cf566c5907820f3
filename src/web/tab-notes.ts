/** One topic of what the tabs of a signed-in person tell each other. */
export interface TabNotes<Note> {
  tell(note: Note): void
  listen(onNote: (note: Note) => void): () => void
}

interface Tabs {
  tell(topic: string, data: unknown): void
  listen(topic: string, onNote: (data: unknown) => void): () => void
}

/** Alone where the client has no tabs. Only pages of this origin speak on the channel, and they all run this code. */
export function joinNotes<Note>(client: object, topic: string): TabNotes<Note> {
  const { tabs } = client as { tabs?: Tabs }
  return {
    tell: (note) => tabs?.tell(topic, note),
    listen: (onNote) => tabs?.listen(topic, (note) => onNote(note as Note)) ?? (() => {}),
  }
}
