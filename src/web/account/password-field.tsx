import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'

interface PasswordFieldProps {
  autocomplete: 'current-password' | 'new-password'
  error: string | undefined
  onInput?: (password: string) => void
  children?: ComponentChildren
}

export function PasswordField({ autocomplete, error, onInput, children }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false)
  return (
    <Field
      label="Password"
      name="password"
      type={isShown ? 'text' : 'password'}
      autocomplete={autocomplete}
      isCode
      maxLength={128}
      error={error}
      {...(onInput ? { onInput } : {})}
      aside={
        <button
          type="button"
          class="button button-text field-aside"
          aria-pressed={isShown}
          aria-label="Show the password"
          onClick={() => setShown(!isShown)}
        >
          {isShown ? 'Hide' : 'Show'}
        </button>
      }
    >
      {children}
    </Field>
  )
}
