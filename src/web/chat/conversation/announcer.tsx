import { useEffect, useRef, useState } from 'preact/hooks'
import type { Message } from '../../../client/index.ts'
import { useConversation } from './conversation-context.ts'

/** Says to screen readers what others have just written: the list itself also changes when history is loaded. */
export function Announcer({ messages }: { messages: Message[] }) {
  const { myId, nameOf } = useConversation()
  const newest = messages.at(-1)
  const said = useRef(newest?.seq ?? 0)
  const [text, setText] = useState('')
  useEffect(() => {
    if (!newest || newest.seq <= said.current) return
    said.current = newest.seq
    if (newest.sender.id !== myId) setText(`${nameOf(newest.sender.id)}: ${newest.content}`)
  }, [newest, myId])
  return (
    <p class="visually-hidden" role="status">
      {text}
    </p>
  )
}
