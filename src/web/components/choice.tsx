import { useId } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'

interface ChoiceProps<Value extends string> {
  label: string
  /** Read by screen readers only, where what is chosen needs no word. */
  isLabelHidden?: boolean
  options: readonly { value: Value; label: string; icon?: IconName; title?: string }[]
  value: Value
  onChange: (value: Value) => void
  testId?: string
}

/** One of a few, all of them in sight: radio buttons drawn side by side. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, isLabelHidden = false, options, value, onChange, testId } = props
  const name = useId()
  return (
    <fieldset class="segments" data-testid={testId}>
      <legend class={isLabelHidden ? 'visually-hidden' : 'field-label'}>{label}</legend>
      <div class="segments-box">
        {options.map((option) => (
          <label class="segment" key={option.value} title={option.title}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              data-testid={testId && `${testId}-${option.value}`}
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
