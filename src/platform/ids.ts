import { v7 } from 'uuid'

/** UUIDv7 text: ids sort by the time of their making, also within one millisecond of one isolate. */
export function newId(): string {
  return v7()
}
