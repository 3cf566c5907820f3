import { useEffect, useRef } from 'preact/hooks'
import type { Message } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { Popover } from '../../components/popover.tsx'
import { useStore } from '../../store.ts'
import { ComposerField } from './composer-field.tsx'
import { focusComposer, hasKeyboard } from './composer-focus.ts'
import { ComposerModeBar } from './composer-mode-bar.tsx'
import { ComposerSilence } from './composer-silence.tsx'
import { useConversation } from './conversation-context.ts'
import { EmojiPicker } from './emoji-picker.tsx'

/** The server's limit, in characters as people count them. */
const MOST_CHARACTERS = 4_000
const WARN_AT = 3_800

interface ComposerProps {
  placeholder: string
  /** What it answers when nothing else was chosen: in a thread, what that began with. */
  answers?: Message
  /** The newest message of one's own, for Arrow up in an empty field. */
  lastOwn: () => Message | undefined
  /** Takes the focus when it comes. */
  takesFocus: boolean
}

export function Composer({ placeholder, answers, lastOwn, takesFocus }: ComposerProps) {
  const { conversation, draft, composerId, silence, myId } = useConversation()
  const { text, mode } = useStore(draft.state)
  const field = useRef<HTMLTextAreaElement>(null)
  const length = [...text.trim()].length
  const isOver = length > MOST_CHARACTERS
  const isEdit = mode.kind === 'edit'
  const mustWait = silence?.kind === 'slow' && !isEdit
  const isInert = length === 0 || isOver || mustWait

  useEffect(() => {
    if (takesFocus && hasKeyboard()) focusComposer(composerId)
  }, [conversation, composerId])

  // Whoever is silenced in the middle of a word keeps the focus: on what says why.
  const wasFocused = useRef(false)
  if (silence && silence.kind !== 'slow') return <ComposerSilence silence={silence} takesFocus={wasFocused.current} />

  const send = () => {
    if (isInert) return
    const content = text.trim()
    // First out of the field: whoever types on types a new message.
    draft.finish()
    if (mode.kind === 'edit') {
      const { message } = mode
      if (content !== message.content)
        void conversation
          .wish(message, { kind: 'edit', content, at: new Date().toISOString() })
          .then((isDone) => isDone || draft.refuse(message, content))
    } else conversation.send(content, mode.kind === 'reply' ? mode.message : answers)
    focusComposer(composerId)
  }
  const insert = (emoji: string) => {
    const at = field.current?.selectionStart ?? text.length
    draft.write(text.slice(0, at) + emoji + text.slice(field.current?.selectionEnd ?? at))
    focusComposer(composerId)
  }

  return (
    <form
      class="composer"
      aria-label={placeholder}
      onFocusIn={() => {
        wasFocused.current = true
      }}
      onFocusOut={() => {
        wasFocused.current = false
      }}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <ComposerModeBar
        mode={mode}
        onCancel={() => {
          draft.cancel()
          focusComposer(composerId)
        }}
      />
      <div class="composer-box">
        <Popover
          label="Insert an emoji"
          panelLabel="Emoji"
          testId={`${composerId}-emoji`}
          class="composer-tool"
          trigger={<Icon name="smile" />}
        >
          {(close) => (
            <EmojiPicker
              userId={myId}
              onPick={(emoji) => {
                close()
                insert(emoji)
              }}
            />
          )}
        </Popover>
        <ComposerField
          field={field}
          placeholder={placeholder}
          isOver={isOver}
          describedBy={length > WARN_AT || mustWait ? `${composerId}-note` : undefined}
          onSend={send}
          onArrowUp={() => {
            const last = lastOwn()
            if (last) draft.edit(last)
          }}
        />
        <Button
          kind="primary"
          type="submit"
          class="composer-send"
          label={isEdit ? 'Save the change' : 'Send'}
          disabled={isInert}
          testId={`${composerId}-send`}
        >
          <Icon name={isEdit ? 'check' : 'send'} />
        </Button>
      </div>
      <div class="composer-note" id={`${composerId}-note`} role="status" data-over={isOver}>
        {mustWait && silence && <ComposerSilence silence={silence} isNote />}
        {length > WARN_AT &&
          (isOver ? `${length - MOST_CHARACTERS} characters too many` : `${MOST_CHARACTERS - length} characters left`)}
      </div>
    </form>
  )
}
