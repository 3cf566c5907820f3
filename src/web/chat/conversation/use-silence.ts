import { useEffect, useMemo, useState } from 'preact/hooks'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import type { Conversation } from './conversation.ts'
import type { RoomView } from './room-changes.ts'
import { usePendingOf } from './use-pending.ts'
import { type Silence, silenceOf } from './writing-rules.ts'

/** The longest that a browser's timer can wait. */
const LONGEST_MS = 2 ** 31 - 1

/** Why the person may not write now. It ends by itself when its time has come. */
export function useSilence(conversation: Conversation, room: RoomView): Silence | null {
  const { user, blocks } = useWorkspace()
  const { ids: blocked } = useStore(blocks.state)
  const { history } = useStore(conversation.state)
  const pending = usePendingOf(room.id)
  const [, setNow] = useState(0)

  const lastSent = history.live.messages.findLast(({ sender }) => sender.id === user.id)
  const times = [lastSent, ...pending].flatMap((entry) => (entry ? [Date.parse(entry.createdAt)] : []))
  const lastSentAt = times.length > 0 ? Math.max(...times) : null
  const silence = silenceOf({ room, blocked, lastSentAt, now: Date.now() })
  const until = silence && 'until' in silence ? silence.until : null

  useEffect(() => {
    if (until === null) return
    const timer = setTimeout(() => setNow(Date.now()), Math.min(LONGEST_MS, Math.max(0, until - Date.now()) + 50))
    return () => clearTimeout(timer)
  }, [until])
  // The same object while it says the same, so that nothing is drawn anew.
  return useMemo(() => silence, [silence?.kind, until])
}
