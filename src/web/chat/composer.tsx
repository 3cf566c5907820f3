import { useEffect } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { useStore } from '../store.ts'
import type { Conversation } from './conversation-store.ts'

/** The server's limit, in characters as people count them. */
const MOST_CHARACTERS = 4_000
const WARN_AT = 3_800

/** Enter sends where there is a keyboard; on a touch screen it makes a new line. */
const hasKeyboard = () => matchMedia('(hover: hover) and (pointer: fine)').matches

const INPUT_ID = 'composer'

export const isComposerFocused = (): boolean => document.activeElement?.id === INPUT_ID

export function focusComposer(): void {
  document.getElementById(INPUT_ID)?.focus()
}

export function Composer({ conversation }: { conversation: Conversation }) {
  const { text } = useStore(conversation.draft)
  const length = [...text.trim()].length
  const isOver = length > MOST_CHARACTERS

  useEffect(() => {
    if (hasKeyboard()) focusComposer()
  }, [conversation])

  const send = () => {
    const content = text.trim()
    if (content === '' || isOver) return
    conversation.draft.set({ text: '' })
    conversation.send(content)
    focusComposer()
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
          id={INPUT_ID}
          rows={1}
          name="message"
          placeholder="Write a message"
          aria-label="Message"
          aria-describedby={length > WARN_AT ? 'composer-count' : undefined}
          aria-invalid={isOver || undefined}
          enterkeyhint={hasKeyboard() ? 'send' : 'enter'}
          data-testid="composer-input"
          value={text}
          onInput={(event) => conversation.draft.set({ text: event.currentTarget.value })}
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
