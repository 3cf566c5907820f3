import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'

/** What every field has around its control. */
export interface FieldText {
  label: string
  hint?: string | undefined
  error?: string | undefined
  optional?: boolean | undefined
}

interface FieldFrameProps extends FieldText {
  id: string
  name?: string | undefined
  /** The control itself. */
  control: ComponentChildren
  /** Under the box: what describes the field beyond a hint. */
  children?: ComponentChildren
}

/** Label above, the control, and below it what is wrong and what helps. */
export function FieldFrame({ id, name, label, optional, hint, error, control, children }: FieldFrameProps) {
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label} {optional && <span class="field-optional">(optional)</span>}
      </label>
      <div class="field-box">{control}</div>
      {error && (
        <p class="field-error" id={`${id}-error`} data-testid={name ? `error-${name}` : undefined}>
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

/** What a control says of itself to those who do not see the frame. */
export function describedBy(id: string, { error, hint }: Pick<FieldText, 'error' | 'hint'>) {
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return { 'aria-invalid': error ? ('true' as const) : undefined, 'aria-describedby': described || undefined }
}
