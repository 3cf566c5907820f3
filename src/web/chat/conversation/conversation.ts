import type { Message, RoomEvent } from '../../../client/index.ts'
import type { Store } from '../../store.ts'
import type { Change, Wish } from './changes.ts'
import type { DraftStore } from './drafts.ts'
import type { History } from './history.ts'
import type { LoadState } from './history-loader.ts'
import type { RoomView } from './room-changes.ts'
import type { RoomPeople } from './room-people.ts'
import type { TypingSignal } from './typing-signal.ts'

export interface ConversationState {
  status: 'loading' | 'ready' | 'failed' | 'missing' | 'removed'
  room: RoomView | null
  history: History
  /** Asked for, shown, and not confirmed. */
  changes: readonly Change[]
  older: LoadState
  newer: LoadState
  /** Above the first message after this one stands the line "new"; null: there is none. */
  seenUpTo: number | null
  /** The message to bring into view, once. */
  target: { seq: number } | null
}

export interface Conversation {
  readonly roomId: string
  readonly state: Store<ConversationState>
  readonly people: RoomPeople['state']
  readonly draft: DraftStore
  readonly typing: TypingSignal
  /** Of somebody who has written here, member or not. */
  authorName(userId: string): string | undefined
  /** The draft of the answers to one message. */
  threadDraft(rootId: string): DraftStore
  enter(): void
  leave(): void
  /** Whether somebody looks at the page: what comes while nobody does is new to them. */
  watch(isWatched: boolean): void
  /** A hidden page lets the room's socket go after a while: its person's own tells what is unread. */
  hide(isHidden: boolean): void
  /** The newest message is in view. */
  seen(): void
  /** It is not: older ones are looked at. */
  away(): void
  send(content: string, replyTo?: Message | null): void
  retry(clientMessageId: string): void
  discard(clientMessageId: string): void
  /** Sends what an earlier page has left, or another tab for so long. */
  resume(olderThanMs: number): void
  /** Shown at once; taken back, and told, when it is refused. Resolves to whether it was done. */
  wish(message: Message, wish: Wish): Promise<boolean>
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
  /** Brings the message of this seq into view, wherever it is. */
  jumpTo(seq: number): Promise<void>
  toNewest(): void
  /** Everything that is said of the room, for threads and panels. */
  listen(listener: (event: RoomEvent) => void): () => void
  reload(): void
  dispose(): void
}
