import { useEffect, useState } from 'preact/hooks'

const PAUSE_MS = 250

/** What is typed, and what the address says as far as the field knows. */
export interface TypedQuery {
  text: string
  known: string
}

/** What the field itself has put into the address is no news when it comes back: more may be typed by then. */
export function withAddress(now: TypedQuery, q: string): TypedQuery {
  return q === now.known ? now : { text: q, known: q }
}

/** Null where the address says already what is typed. A space on the way to the next word is nothing to search for. */
export function wantedOf({ text, known }: TypedQuery): string | null {
  const wanted = text.trim()
  return wanted === known ? null : wanted
}

/**
 * A text that the address follows when the typing rests, and that follows the address where it changes otherwise.
 * @param put writes what is wanted into the address, as it is by then
 */
export function useTypedQuery(q: string, put: (wanted: string) => void): [string, (text: string) => void] {
  const [typed, setTyped] = useState<TypedQuery>({ text: q, known: q })
  useEffect(() => setTyped((now) => withAddress(now, q)), [q])
  useEffect(() => {
    const wanted = wantedOf(typed)
    if (wanted === null) return
    const timer = setTimeout(() => {
      setTyped((now) => ({ ...now, known: wanted }))
      put(wanted)
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return [typed.text, (text) => setTyped((now) => ({ ...now, text }))]
}
