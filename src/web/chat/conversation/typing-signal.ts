/** Says with each key that the person writes, and that they have stopped a second after the last one. */
export interface TypingSignal {
  typed(): void
  stop(): void
}

const STOPPED_MS = 1_000

/** @param tell may be called as often as one likes: the connection passes on what others need */
export function createTypingSignal(tell: (isTyping: boolean) => void): TypingSignal {
  let pause: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    if (pause === undefined) return
    clearTimeout(pause)
    pause = undefined
    tell(false)
  }
  return {
    stop,
    typed: () => {
      clearTimeout(pause)
      pause = setTimeout(stop, STOPPED_MS)
      tell(true)
    },
  }
}
