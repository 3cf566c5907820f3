import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { useStore } from '../store.ts'
import type { Conversation } from './conversation-store.ts'

/** The server's limit, in characters as people count them. */
const MOST_CHARACTERS = 4_000
const WARN_AT = 3_800

/** Enter sends where there is a keyboard; on a touch screen it makes a new line. */
const hasKeyboard = () => matchMedia('(hover: hover) and (pointer: fine)').matches

export function Composer({ conversation }: { conversation: Conversation }) {
  const { draft } = useStore(conversation.state)
  const input = useRef<HTMLTextAreaElement>(null)
  const length = [...draft.trim()].length
  const isOver = length > MOST_CHARACTERS

  useEffect(() => {
    if (hasKeyboard()) input.current?.focus()
  }, [conversation])

  const send = () => {
    const content = draft.trim()
    if (content === '' || isOver) return
    conversation.state.set({ draft: '' })
    conversation.send(content)
    input.current?.focus()
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div class="composer-box">
        <textarea
          class="composer-input"
          ref={input}
          rows={1}
          name="message"
          placeholder="Write a message"
          aria-label="Message"
          aria-describedby={length > WARN_AT ? 'composer-count' : undefined}
          aria-invalid={isOver || undefined}
          enterkeyhint={hasKeyboard() ? 'send' : 'enter'}
          data-testid="composer-input"
          value={draft}
          onInput={(event) => conversation.state.set({ draft: event.currentTarget.value })}
          onKeyDown={(event) => {
            // Enter also ends a composition, in Japanese for instance; that one is not meant for us.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !hasKeyboard()) return
            event.preventDefault()
            send()
          }}
        />
        <Button
          kind="primary"
          type="submit"
          class="composer-send"
          label="Send"
          disabled={length === 0 || isOver}
          testId="composer-send"
        >
          <Icon name="send" />
        </Button>
      </div>
      {length > WARN_AT && (
        <p class="composer-count" id="composer-count" data-over={isOver} role="status">
          {isOver ? `${length - MOST_CHARACTERS} characters too many` : `${MOST_CHARACTERS - length} characters left`}
        </p>
      )}
    </form>
  )
}
