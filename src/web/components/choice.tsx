import { useId } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'

interface ChoiceProps<Value extends string> {
  label: string
  options: readonly { value: Value; label: string; icon?: IconName }[]
  value: Value
  onChange: (value: Value) => void
  testId?: string
}

/** One of a few, all of them in sight: radio buttons drawn side by side. */
export function Choice<Value extends string>({ label, options, value, onChange, testId }: ChoiceProps<Value>) {
  const name = useId()
  return (
    <fieldset class="segments" data-testid={testId}>
      <legend class="field-label">{label}</legend>
      <div class="segments-box">
        {options.map((option) => (
          <label class="segment" key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.icon && <Icon name={option.icon} />}
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
