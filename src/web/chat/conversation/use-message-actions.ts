import type { Message } from '../../../client/index.ts'
import type { MenuItem } from '../../components/menu.tsx'
import { toast } from '../../components/toast.tsx'
import { hrefWith, navigate, roomHref } from '../../route.ts'
import { focusComposer } from './composer-focus.ts'
import { useConversation } from './conversation-context.ts'
import { allowedFor } from './message-actions.ts'
import { rememberEmoji } from './recent-emoji.ts'
import { openShelf } from './shelf.ts'

export interface MessageActions {
  allowed: ReturnType<typeof allowedFor>
  react(emoji: string): void
  reply(): void
  edit(): void
  remove(): void
  openThread(): void
  /** All of it, for a menu. */
  items(): (MenuItem | 'line')[]
}

/** What can be done with one message, in whichever way it is asked for. */
export function useMessageActions(message: Message): MessageActions {
  const { conversation, room, myId, silence, draft, composerId, isThread, ask } = useConversation()
  const allowed = allowedFor(message, room, myId, silence)
  const write = (begin: (message: Message) => void) => {
    begin(message)
    focusComposer(composerId)
  }
  const copy = (text: string, said: string) =>
    void navigator.clipboard.writeText(text).then(
      () => toast({ text: said, tone: 'good' }),
      () => toast({ text: 'The browser does not let the page copy', tone: 'bad' }),
    )
  const react = (emoji: string) => {
    const mine = message.reactions.find((reaction) => reaction.emoji === emoji)?.mine ?? false
    if (!mine) rememberEmoji(openShelf(), myId, emoji)
    void conversation.wish(message, { kind: 'react', emoji, added: !mine })
  }
  const reply = () => write(draft.reply)
  const edit = () => write(draft.edit)
  const remove = () => ask({ kind: 'delete', message })
  const openThread = () =>
    navigate(hrefWith({ panel: 'thread', thread: message.threadId ?? message.id, message: null }))
  const pin = () => void conversation.wish(message, { kind: 'pin', pinned: !message.isPinned })
  const link = () => new URL(roomHref(room.id, { message: message.seq }), location.href).href

  const items = () => {
    const all: (MenuItem | 'line' | false)[] = [
      allowed.reply && { label: 'Reply', icon: 'reply', onPick: reply, testId: 'action-reply' },
      !isThread && { label: 'Open the thread', icon: 'thread', onPick: openThread, testId: 'action-thread' },
      allowed.edit && { label: 'Edit', icon: 'edit', onPick: edit, testId: 'action-edit' },
      allowed.pin && { label: message.isPinned ? 'Unpin' : 'Pin', icon: 'pin', onPick: pin, testId: 'action-pin' },
      'line',
      message.reactions.length > 0 && {
        label: 'Who reacted',
        icon: 'smile',
        onPick: () => ask({ kind: 'reactors', message }),
        testId: 'action-reactors',
      },
      {
        label: 'Copy the text',
        icon: 'copy',
        onPick: () => copy(message.content, 'The text is copied'),
        testId: 'action-copy',
      },
      { label: 'Copy the link', icon: 'link', onPick: () => copy(link(), 'The link is copied'), testId: 'action-link' },
      (allowed.report || allowed.remove) && 'line',
      allowed.report && {
        label: 'Report',
        icon: 'flag',
        onPick: () => ask({ kind: 'report', message }),
        testId: 'action-report',
      },
      allowed.remove && { label: 'Delete', icon: 'trash', isDanger: true, onPick: remove, testId: 'action-delete' },
    ]
    return all.filter((item) => item !== false)
  }
  return { allowed, react, reply, edit, remove, openThread, items }
}
