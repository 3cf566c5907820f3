import type { ComponentChildren } from 'preact'
import { Spinner } from './spinner.tsx'

interface ButtonProps {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger' | 'text' | 'icon'
  type?: 'button' | 'submit'
  /** Needed where the content is an icon alone. */
  label?: string
  class?: string
  testId?: string
  /** At work: it keeps its place and focus, and ignores presses. */
  isBusy?: boolean
  disabled?: boolean
  onPress?: () => void
  children: ComponentChildren
}

export function Button({ kind = 'plain', type = 'button', isBusy, disabled, onPress, ...props }: ButtonProps) {
  const inert = Boolean(isBusy || disabled)
  return (
    <button
      type={type}
      class={`button button-${kind} ${props.class ?? ''}`}
      aria-label={props.label}
      title={kind === 'icon' ? props.label : undefined}
      aria-busy={isBusy || undefined}
      // Not `disabled`, which would drop the focus of whoever just pressed it.
      aria-disabled={inert || undefined}
      data-testid={props.testId}
      onClick={(event) => {
        if (inert) event.preventDefault()
        else onPress?.()
      }}
    >
      {isBusy && <Spinner />}
      {props.children}
    </button>
  )
}
