import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { describedBy, FieldFrame, type FieldText } from './field-frame.tsx'

type FieldType = 'text' | 'email' | 'password' | 'number' | 'date' | 'datetime-local' | 'url'

interface FieldProps extends FieldText {
  name: string
  type?: FieldType
  autocomplete?: string
  /** For what is not prose: no capitals and no spelling help. */
  isCode?: boolean
  maxLength?: number
  /** Which keys a phone shows. */
  inputMode?: 'numeric' | 'text'
  /** Takes the focus when it is drawn: where it is what the person came for. */
  hasFocus?: boolean | undefined
  /** Of a number or a date. */
  min?: string | number
  max?: string | number
  placeholder?: string
  /** Where the page keeps what is typed; without it the field keeps it for its form. */
  value?: string
  onInput?: (value: string) => void
  /** Inside the box, at its end. */
  aside?: ComponentChildren
  /** Under the box: what describes the field beyond a hint. */
  children?: ComponentChildren
  testId?: string
}

/** Preact's types tell inputs apart by the roles they may take; without a role these take the same attributes. */
const alike = (type: FieldType) => type as 'text'

export function Field({ type = 'text', aside, children, label, optional, hint, error, ...props }: FieldProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (props.hasFocus) input.current?.focus()
  }, [])
  return (
    <FieldFrame
      {...{ id, label, optional, hint, error }}
      name={props.name}
      control={
        <>
          <input
            id={id}
            ref={input}
            name={props.name}
            type={alike(type)}
            autocomplete={props.autocomplete ?? 'off'}
            autocapitalize={props.isCode ? 'off' : undefined}
            spellcheck={props.isCode ? false : undefined}
            maxLength={props.maxLength}
            inputMode={props.inputMode}
            min={props.min}
            max={props.max}
            placeholder={props.placeholder}
            {...(props.value === undefined ? {} : { value: props.value })}
            onInput={(event) => props.onInput?.(event.currentTarget.value)}
            class={`field-input ${aside ? 'field-with-aside' : ''}`}
            data-testid={props.testId}
            {...describedBy(id, { hint, error })}
          />
          {aside}
        </>
      }
    >
      {children}
    </FieldFrame>
  )
}
