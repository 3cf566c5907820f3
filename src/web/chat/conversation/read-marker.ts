/** Tells the room up to where the person has read: at once, then once a second at most, and never backwards. */
export interface ReadMarker {
  /** Read up to here, as the server knows or as this page has just shown. */
  readonly seq: number
  /** The server knows it already. */
  know(seq: number): void
  seen(seq: number): void
  close(): void
}

const EVERY_MS = 1_000

export function createReadMarker(tell: (seq: number) => Promise<unknown>, onRead: (seq: number) => void): ReadMarker {
  let seen = 0
  let told = 0
  let rest: ReturnType<typeof setTimeout> | undefined
  let isClosed = false

  const flush = () => {
    if (rest !== undefined || isClosed || seen <= told) return
    const seq = seen
    told = seq
    rest = setTimeout(() => {
      rest = undefined
      flush()
    }, EVERY_MS)
    tell(seq).catch(() => {
      // It is asked again with the next message, or when the room is entered anew.
      told = Math.min(told, seq - 1)
    })
  }
  return {
    get seq() {
      return seen
    },
    know: (seq) => {
      told = Math.max(told, seq)
      if (seq <= seen) return
      seen = seq
      onRead(seq)
    },
    seen: (seq) => {
      if (seq > seen) {
        seen = seq
        onRead(seq)
      }
      flush()
    },
    close: () => {
      isClosed = true
      clearTimeout(rest)
    },
  }
}
