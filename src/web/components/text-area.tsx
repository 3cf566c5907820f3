import { useId } from 'preact/hooks'
import { describedBy, FieldFrame, type FieldText } from './field-frame.tsx'

interface TextAreaProps extends FieldText {
  name?: string
  value: string
  onInput: (value: string) => void
  rows?: number
  maxLength?: number
  placeholder?: string
  testId?: string
}

/** Grows with what is written, up to some ten lines. */
export function TextArea({ label, optional, hint, error, value, onInput, rows = 3, ...props }: TextAreaProps) {
  const id = useId()
  return (
    <FieldFrame
      {...{ id, label, optional, hint, error }}
      name={props.name}
      control={
        <textarea
          id={id}
          name={props.name}
          class="field-input field-area"
          rows={rows}
          maxLength={props.maxLength}
          placeholder={props.placeholder}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
          data-testid={props.testId}
          {...describedBy(id, { hint, error })}
        />
      }
    />
  )
}
