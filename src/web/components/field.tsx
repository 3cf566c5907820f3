import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { Icon } from './icon.tsx'

interface FieldProps {
  label: string
  name: string
  type?: 'text' | 'email' | 'password'
  autocomplete: string
  /** For what is not prose: no capitals and no spelling help. */
  isCode?: boolean
  maxLength: number
  onInput?: (value: string) => void
  optional?: boolean
  hint?: string | undefined
  error?: string | undefined
  /** Inside the box, at its end. */
  aside?: ComponentChildren
  /** Under the box: what describes the field beyond a hint. */
  children?: ComponentChildren
}

/** Preact's types tell inputs apart by the roles they may take; without a role these three take the same attributes. */
const alike = (type: 'text' | 'email' | 'password') => type as 'text'

export function Field({ label, name, type = 'text', optional, hint, error, aside, children, ...props }: FieldProps) {
  const id = useId()
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label} {optional && <span class="field-optional">(optional)</span>}
      </label>
      <div class="field-box">
        <input
          id={id}
          name={name}
          type={alike(type)}
          autocomplete={props.autocomplete}
          autocapitalize={props.isCode ? 'off' : undefined}
          spellcheck={props.isCode ? false : undefined}
          maxLength={props.maxLength}
          onInput={(event) => props.onInput?.(event.currentTarget.value)}
          class={`field-input ${aside ? 'field-with-aside' : ''}`}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={described || undefined}
        />
        {aside}
      </div>
      {error && (
        <p class="field-error" id={`${id}-error`} data-testid={`error-${name}`}>
          <Icon name="alert" />
          {error}
        </p>
      )}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children}
    </div>
  )
}
