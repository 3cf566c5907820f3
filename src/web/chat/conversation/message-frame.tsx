import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Message } from '../../../client/index.ts'
import { useConversation } from './conversation-context.ts'
import { MessageToolbar } from './message-toolbar.tsx'
import { TabStop } from './tab-stop.ts'
import { useLongPress } from './use-long-press.ts'
import { useMessageActions } from './use-message-actions.ts'

interface FrameProps {
  /** Null where nothing can be done with it. */
  message: Message | null
  author: string
  frame: Record<string, string | number | boolean | undefined>
  children: ComponentChildren
}

/** Around a message: what shows when it is pointed at or has the focus, and its keys. */
export function MessageFrame({ message, author, frame, children }: FrameProps) {
  const [isPointed, setPointed] = useState(false)
  const [hasFocus, setFocus] = useState(false)
  const article = useRef<HTMLElement>(null)
  return (
    <article
      class="message"
      ref={article}
      {...frame}
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocusIn={() => setFocus(true)}
      onFocusOut={({ relatedTarget }) =>
        !(relatedTarget instanceof Node && article.current?.contains(relatedTarget)) && setFocus(false)
      }
    >
      <TabStop.Provider value={frame.tabIndex === 0}>{children}</TabStop.Provider>
      {message && <MessageKeys message={message} article={article} />}
      {message && (isPointed || hasFocus) && <MessageToolbar message={message} author={author} />}
    </article>
  )
}

/** Draws nothing: keys and long presses of a message. */
function MessageKeys({ message, article }: { message: Message; article: { current: HTMLElement | null } }) {
  const { ask } = useConversation()
  const actions = useMessageActions(message)
  useLongPress(
    article,
    () => ask({ kind: 'actions', message }),
    (event) => {
      if (event.target !== article.current || event.ctrlKey || event.metaKey || event.altKey) return
      const { allowed } = actions
      const act = {
        Enter: () => ask({ kind: 'actions', message }),
        r: allowed.reply && actions.reply,
        e: allowed.edit && actions.edit,
        t: actions.openThread,
        '+': allowed.react && (() => ask({ kind: 'emoji', message })),
        Delete: allowed.remove && actions.remove,
      }[event.key]
      if (!act) return
      event.preventDefault()
      act()
    },
  )
  return null
}
