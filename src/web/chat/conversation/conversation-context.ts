import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Message } from '../../../client/index.ts'
import type { Conversation } from './conversation.ts'
import type { DraftStore } from './drafts.ts'
import type { RoomView } from './room-changes.ts'
import type { Silence } from './writing-rules.ts'

/** What a message may ask of the conversation that it stands in. */
export interface ConversationView {
  readonly conversation: Conversation
  readonly room: RoomView
  readonly myId: string
  /** Where an answer or an edit is written: of the room, or of the thread. */
  readonly draft: DraftStore
  readonly composerId: string
  readonly isThread: boolean
  readonly silence: Silence | null
  /** What a person is called here; whoever is not known, by the username that came with what they did. */
  nameOf(userId: string, username?: string): string
  ask(dialog: MessageDialog): void
}

export interface MessageDialog {
  kind: 'delete' | 'report' | 'reactors' | 'actions' | 'emoji'
  message: Message
}

export const ConversationContext = createContext<ConversationView | null>(null)

export function useConversation(): ConversationView {
  const view = useContext(ConversationContext)
  if (!view) throw new Error('This part of the page stands in a conversation')
  return view
}
