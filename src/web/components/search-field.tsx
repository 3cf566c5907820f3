import { Icon } from './icon.tsx'

interface SearchFieldProps {
  label: string
  value: string
  onInput: (value: string) => void
  placeholder: string
  onSubmit?: () => void
  testId?: string
}

/** Escape empties it. */
export function SearchField({ label, value, onInput, placeholder, onSubmit, testId }: SearchFieldProps) {
  return (
    <search class="search-field">
      <Icon name="search" />
      <input
        class="field-input"
        type="search"
        name="q"
        placeholder={placeholder}
        aria-label={label}
        autocomplete="off"
        spellcheck={false}
        maxLength={100}
        value={value}
        data-testid={testId}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            event.preventDefault()
            onInput('')
          } else if (event.key === 'Enter') onSubmit?.()
        }}
      />
    </search>
  )
}
