import { useId } from 'preact/hooks'

interface SwitchProps {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
  hint?: string
  /** Being stored: it keeps its place and focus, and ignores presses. */
  isBusy?: boolean
  isDisabled?: boolean
  testId?: string
}

/** For what holds at once when it is pressed. The whole line can be pressed. */
export function Switch({ label, checked, onChange, hint, isBusy, isDisabled, testId }: SwitchProps) {
  const id = useId()
  return (
    <label class="switch" aria-busy={isBusy || undefined}>
      <span class="switch-text">
        <span id={`${id}-label`}>{label}</span>
        {hint && (
          <span class="switch-hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        class="switch-input"
        checked={checked}
        aria-checked={checked}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        disabled={isDisabled}
        data-testid={testId}
        onClick={(event) => {
          if (isBusy) event.preventDefault()
        }}
        onChange={({ currentTarget }) => {
          const wanted = currentTarget.checked
          // What it shows is what is stored; the page says when that has changed.
          currentTarget.checked = checked
          if (!isBusy) onChange(wanted)
        }}
      />
    </label>
  )
}
