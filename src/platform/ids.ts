import { v7 } from 'uuid'

/** When a UUIDv7 was made, in milliseconds. */
export function idTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

/** UUIDv7 text: ids sort by the time of their making, also within one millisecond of one isolate. */
export function newId(): string {
  return v7()
}
