import { useEffect, useRef, useState } from 'preact/hooks'
import type { Message } from '../../../client/index.ts'
import { isHidden } from '../../people/blocks-store.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'

/** Says to screen readers what others have just written: the list itself also changes when history is loaded. */
export function Announcer({ messages }: { messages: Message[] }) {
  const { blocks } = useWorkspace()
  const { room, myId, nameOf } = useConversation()
  const blocked = useStore(blocks.state)
  const newest = messages.at(-1)
  const said = useRef(newest?.seq ?? 0)
  const [text, setText] = useState('')
  useEffect(() => {
    if (!newest || newest.seq <= said.current) return
    said.current = newest.seq
    const { id } = newest.sender
    if (id !== myId && !isHidden(blocked, room, id)) setText(`${nameOf(id)}: ${newest.content}`)
  }, [newest, myId])
  return (
    <p class="visually-hidden" role="status">
      {text}
    </p>
  )
}
