import { useId } from 'preact/hooks'
import { describedBy, FieldFrame, type FieldText } from './field-frame.tsx'
import { Icon } from './icon.tsx'

interface SelectProps<Value extends string> extends FieldText {
  name?: string
  options: readonly { value: Value; label: string; isDisabled?: boolean }[]
  value: Value
  onChange: (value: Value) => void
  isDisabled?: boolean
  testId?: string
}

/** The system's own list: it is right on every device and for every reader. */
export function Select<Value extends string>({ options, value, onChange, ...props }: SelectProps<Value>) {
  const { label, optional, hint, error } = props
  const id = useId()
  return (
    <FieldFrame
      {...{ id, label, optional, hint, error }}
      name={props.name}
      control={
        <>
          <select
            id={id}
            name={props.name}
            class="field-input field-select"
            value={value}
            disabled={props.isDisabled}
            onChange={({ currentTarget }) => {
              const chosen = options.find((option) => option.value === currentTarget.value)
              if (chosen) onChange(chosen.value)
            }}
            data-testid={props.testId}
            {...describedBy(id, { hint, error })}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.isDisabled}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon name="chevron-down" />
        </>
      }
    />
  )
}
