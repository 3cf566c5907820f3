import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../../client/index.ts'
import { Notice } from '../../components/notice.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'
import { FoundMessage } from './found-message.tsx'
import { FoundText } from './message-text.tsx'
import { loadProblemText } from './problem-text.ts'
import { SidePanel } from './side-panel.tsx'
import { aroundMatch } from './text-parts.ts'

const PAUSE_MS = 250
const LEAST_LETTERS = 2

type Outcome =
  | { status: 'idle' | 'searching' }
  | { status: 'ready'; query: string; messages: Message[] }
  | { status: 'failed'; problem: string }

/** Finds messages of the room by a part of their text. */
export function SearchPanel({ onClose, onJump }: { onClose: () => void; onJump: (seq: number) => void }) {
  const { client } = useWorkspace()
  const { room } = useConversation()
  const [text, setText] = useState('')
  const [outcome, setOutcome] = useState<Outcome>({ status: 'idle' })
  const query = text.trim()

  useEffect(() => {
    if ([...query].length < LEAST_LETTERS) return setOutcome({ status: 'idle' })
    const stop = new AbortController()
    setOutcome((now) => (now.status === 'ready' ? now : { status: 'searching' }))
    const timer = setTimeout(() => {
      client.messages.search(room.id, { q: query }, { signal: stop.signal }).then(
        ({ items }) => stop.signal.aborted || setOutcome({ status: 'ready', query, messages: items }),
        (error) => stop.signal.aborted || setOutcome({ status: 'failed', problem: loadProblemText(error) }),
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [query, client, room.id])

  return (
    <SidePanel title="Search" onClose={onClose} testId="search-panel">
      <SearchField
        label="Search this conversation"
        placeholder="Search this conversation"
        value={text}
        onInput={setText}
        testId="search-input"
      />
      <p class="visually-hidden" role="status">
        {outcome.status === 'ready' && `${outcome.messages.length} messages found`}
      </p>
      {outcome.status === 'idle' && <p class="side-panel-hint">Two letters or more. The newest messages come first.</p>}
      {outcome.status === 'searching' && <SkeletonRows count={3} label="Searching" />}
      {outcome.status === 'failed' && (
        <Notice title="The search did not work" isAlert>
          <p>{outcome.problem}</p>
        </Notice>
      )}
      {outcome.status === 'ready' && outcome.messages.length === 0 && (
        <Notice title="Nothing found" testId="nothing-found">
          <p>No message here has “{outcome.query}” in it.</p>
        </Notice>
      )}
      {outcome.status === 'ready' && outcome.messages.length > 0 && (
        <ul class="found-list">
          {outcome.messages.map((message) => (
            <FoundMessage key={message.id} message={message} onPick={() => onJump(message.seq)} testId="search-result">
              <FoundText text={aroundMatch(message.content, outcome.query)} query={outcome.query} />
            </FoundMessage>
          ))}
        </ul>
      )}
    </SidePanel>
  )
}
