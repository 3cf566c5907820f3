import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { Notice } from '../../components/notice.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'
import { FoundMessage } from './found-message.tsx'
import { allowedFor } from './message-actions.ts'
import { loadProblemText } from './problem-text.ts'
import { SidePanel } from './side-panel.tsx'

type Pins = { status: 'loading' } | { status: 'ready'; messages: Message[] } | { status: 'failed'; problem: string }

/** What is pinned, the newest pin first. */
export function PinsPanel({ onClose, onJump }: { onClose: () => void; onJump: (seq: number) => void }) {
  const { client } = useWorkspace()
  const { conversation, room, myId, silence } = useConversation()
  const [pins, setPins] = useState<Pins>({ status: 'loading' })

  const load = () =>
    client.messages.pins(room.id).then(
      ({ items }) => setPins({ status: 'ready', messages: items }),
      (error) => setPins({ status: 'failed', problem: loadProblemText(error) }),
    )
  useEffect(() => {
    void load()
    return conversation.listen(({ event }) => {
      if (['message:pinned', 'message:edited', 'message:deleted', 'history:reset'].includes(event)) void load()
    })
  }, [conversation])

  return (
    <SidePanel title="Pinned messages" onClose={onClose} testId="pins-panel">
      {pins.status === 'loading' && <SkeletonRows count={3} label="Loading pinned messages" />}
      {pins.status === 'failed' && (
        <Notice title="The pinned messages could not be loaded" isAlert>
          <p>{pins.problem}</p>
          <Button onPress={() => void load()}>Try again</Button>
        </Notice>
      )}
      {pins.status === 'ready' && pins.messages.length === 0 && (
        <Notice title="Nothing is pinned" testId="no-pins">
          <p>Pin what everybody should find again: an address, a date, a decision.</p>
        </Notice>
      )}
      {pins.status === 'ready' && pins.messages.length > 0 && (
        <ul class="found-list">
          {pins.messages.map((message) => (
            <FoundMessage
              key={message.id}
              message={message}
              onPick={() => onJump(message.seq)}
              testId="pin-item"
              actions={
                allowedFor(message, room, myId, silence).pin && (
                  <Button
                    kind="icon"
                    label="Unpin"
                    testId="unpin"
                    onPress={() => void conversation.wish(message, { kind: 'pin', pinned: false }).then(load)}
                  >
                    <Icon name="close" />
                  </Button>
                )
              }
            >
              {message.content}
            </FoundMessage>
          ))}
        </ul>
      )}
    </SidePanel>
  )
}
