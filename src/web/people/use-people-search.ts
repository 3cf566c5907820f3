import { useEffect, useState } from 'preact/hooks'
import type { Person } from '../../client/index.ts'
import { lineOf } from '../components/problem-words.ts'
import { useWorkspace } from '../workspace.ts'

export const MIN_LETTERS = 3
const PAUSE_MS = 250

export interface PeopleSearch {
  status: 'idle' | 'searching' | 'done' | 'failed'
  /** While it searches, those of the last answer. */
  people: Person[]
  problem: string | null
}

const IDLE: PeopleSearch = { status: 'idle', people: [], problem: null }

/** Asks once typing pauses, and forgets answers to what is no longer asked. Too short a text asks nothing. */
export function usePeopleSearch(text: string): PeopleSearch {
  const { client } = useWorkspace()
  const [outcome, setOutcome] = useState<PeopleSearch>(IDLE)
  const q = text.trim()

  useEffect(() => {
    if ([...q].length < MIN_LETTERS) return setOutcome(IDLE)
    const stop = new AbortController()
    setOutcome(({ people }) => ({ status: 'searching', people, problem: null }))
    const timer = setTimeout(() => {
      client.people.search(q, { signal: stop.signal }).then(
        (people) => stop.signal.aborted || setOutcome({ status: 'done', people, problem: null }),
        (error) => stop.signal.aborted || setOutcome({ status: 'failed', people: [], problem: lineOf(error) }),
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [q, client])

  return outcome
}
