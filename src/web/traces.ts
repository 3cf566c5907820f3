import { attempt, keysOf, type Shelf } from './chat/conversation/shelf.ts'

/** Keys of one person have their id in the third place, as in `selvage:draft:<id>:<room>`; those of the device do not. */
const PERSONAL = /^selvage[:-][a-z]+[:-]([^:]+)/

/** Takes out of this browser what is kept there of a person, or of everybody but them. */
export function clearTraces(shelf: Shelf, whose: { of: string } | { notOf: string }): void {
  for (const key of keysOf(shelf, 'selvage')) {
    const userId = PERSONAL.exec(key)?.[1]
    const isMeant = 'of' in whose ? userId === whose.of : userId !== whose.notOf
    if (userId !== undefined && isMeant) attempt(() => shelf.removeItem(key))
  }
}
