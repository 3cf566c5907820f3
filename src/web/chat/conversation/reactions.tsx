import { useState } from 'preact/hooks'
import type { Message, Reactor } from '../../../client/index.ts'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'
import { useInnerTabIndex } from './tab-stop.ts'
import { useMessageActions } from './use-message-actions.ts'

const MOST_NAMED = 8

/** Chips with their counts; who it was is told to whoever stays on one. */
export function Reactions({ message }: { message: Message }) {
  const { client } = useWorkspace()
  const { room, myId, nameOf } = useConversation()
  const { allowed, react } = useMessageActions(message)
  const tabIndex = useInnerTabIndex()
  const [reactors, setReactors] = useState<{ at: number; people: Reactor[] } | null>(null)
  if (message.reactions.length === 0) return null

  const findOut = () => {
    if (reactors?.at === message.changeSeq) return
    const at = message.changeSeq
    client.messages.reactors(room.id, message.id, { limit: 50 }).then(
      ({ items }) => setReactors({ at, people: items }),
      // Then the chip says how many, which it does anyway.
      () => setReactors({ at, people: [] }),
    )
  }
  const namesOf = (emoji: string) =>
    (reactors?.people ?? [])
      .filter((it) => it.emoji === emoji)
      .map(({ userId, username }) => (userId === myId ? 'You' : nameOf(userId, username)))

  return (
    <ul class="reactions" aria-label="Reactions" onPointerEnter={findOut} onFocusIn={findOut}>
      {message.reactions.map(({ emoji, count, mine }) => {
        const names = namesOf(emoji)
        return (
          <li key={emoji}>
            <button
              type="button"
              class="reaction"
              tabIndex={tabIndex}
              aria-pressed={Boolean(mine)}
              aria-disabled={!allowed.react || undefined}
              data-testid="reaction"
              data-emoji={emoji}
              data-count={count}
              onClick={() => allowed.react && react(emoji)}
            >
              <span class="reaction-emoji">{emoji}</span>
              <span class="reaction-count">{count}</span>
              <span class="visually-hidden">
                {count === 1 ? 'reaction' : 'reactions'}
                {mine && ', yours too'}
              </span>
            </button>
            {names.length > 0 && (
              <span class="reaction-names" role="tooltip">
                {names.slice(0, MOST_NAMED).join(', ')}
                {count > MOST_NAMED && ` and ${count - MOST_NAMED} more`}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
