import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { Icon } from '../components/icon.tsx'
import { useCapsLock } from './use-caps-lock.ts'

interface PasswordFieldProps {
  label?: string
  name?: string
  autocomplete: 'current-password' | 'new-password'
  error: string | undefined
  children?: ComponentChildren
}

export function PasswordField({
  label = 'Password',
  name = 'password',
  autocomplete,
  error,
  children,
}: PasswordFieldProps) {
  const [isShown, setShown] = useState(false)
  const capsLock = useCapsLock()
  return (
    <div {...capsLock.watch}>
      <Field
        label={label}
        name={name}
        type={isShown ? 'text' : 'password'}
        autocomplete={autocomplete}
        isCode
        error={error}
        aside={
          <button
            type="button"
            class="button button-text field-aside"
            aria-pressed={isShown}
            aria-label={`Show: ${label}`}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? 'Hide' : 'Show'}
          </button>
        }
      >
        <p class="caps-lock" role="status" data-testid="caps-lock">
          {capsLock.isOn && (
            <>
              <Icon name="info" />
              Caps Lock is on
            </>
          )}
        </p>
        {children}
      </Field>
    </div>
  )
}
