import type { Person, ResourceInfo } from '../../../client/index.ts'
import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { PeoplePicker } from '../../people/people-picker.tsx'

/** What is to be opened to somebody. People are picked by name; of other things the id is asked. */
export interface Choice {
  resource: string
  action: string
  resourceId: string
  people: Person[]
}

interface ThingChoiceProps {
  kinds: readonly ResourceInfo[]
  choice: Choice
  onChange: (choice: Choice) => void
  /** Said where nothing was chosen. */
  error: string | undefined
}

export function ThingChoice({ kinds, choice, onChange, error }: ThingChoiceProps) {
  const { resource, action, resourceId, people } = choice
  const kind = kinds.find((one) => one.resource === resource)
  const pickKind = (name: string) => {
    const actions = kinds.find((one) => one.resource === name)?.actions ?? []
    onChange({ resource: name, action: actions[0] ?? '', resourceId: '', people: [] })
  }
  return (
    <>
      <Select
        label="Kind of thing"
        options={kinds.map((one) => ({ value: one.resource, label: one.title }))}
        value={resource}
        onChange={pickKind}
        testId="thing-kind"
      />
      <Select
        label="What they may do"
        options={(kind?.actions ?? []).map((name) => ({ value: name, label: actionInWords(name) }))}
        value={action}
        onChange={(name) => onChange({ ...choice, action: name })}
        testId="thing-action"
      />
      {resource === 'user' ? (
        <PeoplePicker
          label="Whom"
          picked={people}
          onChange={(picked) => onChange({ ...choice, people: picked, resourceId: picked[0]?.id ?? '' })}
          error={error}
          most={1}
        />
      ) : (
        <Field
          label="Id of the thing"
          name="thing"
          isCode
          value={resourceId}
          onInput={(id) => onChange({ ...choice, resourceId: id.trim() })}
          maxLength={64}
          error={error}
          testId="thing-id"
        />
      )}
    </>
  )
}

/** `Read access` for `read-access`. */
export function actionInWords(action: string): string {
  return action.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase())
}
