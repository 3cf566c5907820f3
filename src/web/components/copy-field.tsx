import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { FieldFrame } from './field-frame.tsx'
import { Icon } from './icon.tsx'

const SAYS_SO_MS = 2_500

/** Something to take along, such as an invitation's link: shown whole, and copied by one press. */
export function CopyField({
  label,
  value,
  hint,
  testId,
}: {
  label: string
  value: string
  hint?: string
  testId?: string
}) {
  const id = useId()
  const input = useRef<HTMLTextAreaElement>(null)
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SAYS_SO_MS)
    return () => clearTimeout(timer)
  }, [isCopied])

  const copy = async () => {
    input.current?.select()
    try {
      await navigator.clipboard.writeText(value)
      setCopied(true)
    } catch {
      // Where the page may not write the clipboard, the text is selected and the keys of the system do it.
      input.current?.focus()
    }
  }
  return (
    <FieldFrame
      {...{ id, label, hint }}
      control={
        <>
          <textarea
            id={id}
            ref={input}
            class="field-input copy-input"
            rows={1}
            readOnly
            value={value}
            data-testid={testId}
            onFocus={({ currentTarget }) => currentTarget.select()}
            aria-describedby={hint ? `${id}-hint` : undefined}
          />
          <Button
            class="copy-button"
            label={`${isCopied ? 'Copied' : 'Copy'} ${label}`}
            onPress={() => void copy()}
            testId={testId && `${testId}-copy`}
          >
            <Icon name={isCopied ? 'check' : 'copy'} />
            {isCopied ? 'Copied' : 'Copy'}
          </Button>
        </>
      }
    >
      <span class="visually-hidden" role="status">
        {isCopied ? 'Copied' : ''}
      </span>
    </FieldFrame>
  )
}
