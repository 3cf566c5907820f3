import { useEffect, useState } from 'preact/hooks'
import { ApiError, type Person } from '../../client/index.ts'
import { navigate, roomHref } from '../route.ts'
import { useWorkspace } from '../workspace.ts'

export const MIN_LETTERS = 3
const PAUSE_MS = 250

export interface PeopleSearch {
  status: 'idle' | 'searching' | 'done' | 'failed'
  people: Person[]
  problem: string | null
  /** Opens the room with that person. False when it did not work. */
  open(userId: string): Promise<boolean>
}

const IDLE = { status: 'idle', people: [] as Person[], problem: null } as const
type Outcome = Omit<PeopleSearch, 'open'>

/** Asks once typing pauses, and forgets answers to what is no longer asked. */
export function usePeopleSearch(text: string): PeopleSearch {
  const { client, rooms } = useWorkspace()
  const [outcome, setOutcome] = useState<Outcome>(IDLE)
  const q = text.trim()

  useEffect(() => {
    if ([...q].length < MIN_LETTERS) return setOutcome(IDLE)
    const stop = new AbortController()
    setOutcome(({ people }) => ({ status: 'searching', people, problem: null }))
    const timer = setTimeout(() => {
      client.people.search(q, { signal: stop.signal }).then(
        (people) => stop.signal.aborted || setOutcome({ status: 'done', people, problem: null }),
        (error) => stop.signal.aborted || setOutcome({ status: 'failed', people: [], problem: textOf(error) }),
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [q, client])

  const open = async (userId: string) => {
    try {
      const room = await client.rooms.openPrivate(userId)
      rooms.add(room)
      navigate(roomHref(room.id))
      return true
    } catch (error) {
      setOutcome((now) => ({ ...now, problem: textOf(error) }))
      return false
    }
  }
  return { ...outcome, open }
}

function textOf(error: unknown): string {
  return error instanceof ApiError ? error.message : 'Something went wrong'
}
