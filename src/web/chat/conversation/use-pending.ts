import { useMemo } from 'preact/hooks'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import type { Pending } from './outbox.ts'

/** What is not sent yet in a room; of one thread only, where that is named. */
export function usePendingOf(roomId: string, threadId?: string): Pending[] {
  const { outbox } = useWorkspace()
  const { entries } = useStore(outbox.state)
  return useMemo(
    () => entries.filter((entry) => entry.roomId === roomId && (threadId === undefined || entry.threadId === threadId)),
    [entries, roomId, threadId],
  )
}
