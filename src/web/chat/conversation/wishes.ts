import { ApiError, type Client, type Message, type RoomEvent } from '../../../client/index.ts'
import type { Store } from '../../store.ts'
import type { Change, Wish } from './changes.ts'
import type { ConversationState } from './conversation.ts'
import { findMessage, mapAll, renew } from './history.ts'
import { problemText } from './problem-text.ts'

interface Wiring {
  client: Client
  roomId: string
  state: Store<ConversationState>
  tell(event: RoomEvent): void
  onDeleted(messageId: string): void
  onProblem(text: string): void
}

/** Changes of messages: shown at once, and taken back and told when they are refused. */
export function createWishes({ client, roomId, state, tell, onDeleted, onProblem }: Wiring) {
  let count = 0

  const call = (messageId: string, wish: Wish): Promise<Message | undefined> => {
    const { messages } = client
    switch (wish.kind) {
      case 'edit':
        return messages.edit(roomId, messageId, wish.content)
      case 'delete':
        return messages.remove(roomId, messageId).then(() => undefined)
      case 'react':
        return wish.added
          ? messages.react(roomId, messageId, wish.emoji)
          : messages.unreact(roomId, messageId, wish.emoji)
      case 'pin':
        return wish.pinned ? messages.pin(roomId, messageId) : messages.unpin(roomId, messageId)
    }
  }

  /** The answer to a wish says how the message is now; the room's log says so too, in its own time. */
  const learn = (messageId: string, answer: Message | undefined) => {
    if (!answer) return onDeleted(messageId)
    const known = findMessage(state.value.history, messageId)
    state.set(({ history }) => ({
      history: mapAll(history, (message) =>
        message.id === messageId && message.changeSeq <= answer.changeSeq ? renew(message, answer) : message,
      ),
    }))
    tell({ event: 'message:edited', seq: answer.changeSeq, data: known ? renew(known, answer) : answer })
  }

  /** Resolves to whether it was done. */
  return async (message: Message, wish: Wish): Promise<boolean> => {
    count += 1
    const change: Change = { id: count, messageId: message.id, wish }
    state.set(({ changes }) => ({ changes: [...changes, change] }))
    const done = () => state.set(({ changes }) => ({ changes: changes.filter((it) => it !== change) }))
    try {
      learn(message.id, await call(message.id, wish))
      done()
      return true
    } catch (error) {
      done()
      if (wish.kind === 'delete' && error instanceof ApiError && error.status === 404) {
        // What is gone already is as it was wished.
        onDeleted(message.id)
        return true
      }
      onProblem(problemText(error))
      return false
    }
  }
}
