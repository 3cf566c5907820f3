import type { Message } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { useStore } from '../../store.ts'
import { useConversation } from './conversation-context.ts'
import { readersOfLast } from './read-state.ts'

const MOST_SHOWN = 5
const MOST_NAMED = 12

/** Who has read my last message: a word in a room of two, small avatars in a group. */
export function ReadLine({ messages }: { messages: Message[] }) {
  const { conversation, room, myId, nameOf } = useConversation()
  const { reads } = useStore(conversation.people)
  const readers = readersOfLast(messages, reads, myId)
  if (!readers || readers.userIds.length === 0) return null
  if (room.type === 'private') {
    return (
      <p class="read-line" data-testid="seen">
        Seen
      </p>
    )
  }
  const ids = readers.userIds
  const named = ids
    .slice(0, MOST_NAMED)
    .map((id) => nameOf(id))
    .join(', ')
  const words = `Read by ${named}${ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : ''}`
  return (
    <p class="read-line" data-testid="seen" title={words}>
      <span class="visually-hidden">{words}</span>
      {ids.slice(0, MOST_SHOWN).map((id) => (
        <Avatar key={id} id={id} name={nameOf(id)} small />
      ))}
      {ids.length > MOST_SHOWN && <span aria-hidden="true">+{ids.length - MOST_SHOWN}</span>}
    </p>
  )
}
