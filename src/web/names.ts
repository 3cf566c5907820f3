import type { Person, Room } from '../client/index.ts'

export function fullName({ firstName, lastName }: Pick<Person, 'firstName' | 'lastName'>): string {
  return `${firstName} ${lastName}`.trim()
}

/** What a room is called by the one who looks at it. */
export function roomTitle({ type, name, peer }: Pick<Room, 'type' | 'name' | 'peer'>): string {
  if (type === 'private' && peer) return fullName(peer)
  return name || 'Conversation'
}

/** The colour of a private room is the other person's. */
export function roomSwatchId({ id, peer }: Pick<Room, 'id' | 'peer'>): string {
  return peer?.id ?? id
}

/** `en` as `English`; what is no code of a language stays as it is. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

export function initialsOf(name: string): string {
  const words = name.split(/[\s_.-]+/).filter(Boolean)
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return ends.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('')
}
