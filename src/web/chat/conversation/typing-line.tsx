import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'
import { typingText } from './read-state.ts'

/** Keeps its place when nobody writes, so that nothing jumps. */
export function TypingLine() {
  const { blocks } = useWorkspace()
  const { conversation, nameOf } = useConversation()
  const { typing } = useStore(conversation.people)
  const { ids } = useStore(blocks.state)
  const text = typingText(typing.filter(({ id }) => !ids.has(id)).map(({ id, username }) => nameOf(id, username)))
  return (
    <p class="typing-line" role="status" data-testid="typing" data-quiet={text === ''}>
      {text !== '' && (
        <>
          <span class="typing-dots" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          {text}
        </>
      )}
    </p>
  )
}
