import { useState } from 'preact/hooks'
import type { NewApiKey } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { CopyField } from '../../components/copy-field.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { useAction } from '../../components/use-action.ts'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from '../form-problem.tsx'
import { PLAIN_SCOPES, permissionWords, type Scope } from './scope-words.ts'

const LIVES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
] as const

/** Asks what a key is for and may do; then shows it, once. */
export function NewApiKeyDialog({ onMade, onClose }: { onMade: (key: NewApiKey) => void; onClose: () => void }) {
  const [made, setMade] = useState<NewApiKey | null>(null)
  if (made) return <ShownOnce made={made} onClose={onClose} />
  return (
    <Wanted
      onClose={onClose}
      onMade={(key) => {
        setMade(key)
        onMade(key)
      }}
    />
  )
}

function Wanted({ onMade, onClose }: { onMade: (key: NewApiKey) => void; onClose: () => void }) {
  const { client, user } = useWorkspace()
  const [name, setName] = useState('')
  const [days, setDays] = useState<(typeof LIVES)[number]['value']>('30')
  const [scopes, setScopes] = useState<readonly Scope[]>(['read'])
  const [isTried, setTried] = useState(false)
  const nameError = name.trim() === '' ? 'Say what it is for' : undefined
  const isIdle = scopes.length === 0
  const create = useAction(
    async () => {
      onMade(await client.apiKeys.create({ name: name.trim(), scopes: [...scopes], expiresInDays: Number(days) }))
    },
    { onProblem: () => {} },
  )
  return (
    <Dialog title="A new API key" onClose={onClose} testId="api-key-dialog">
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (!nameError && !isIdle) void create.run()
        }}
      >
        <FormProblem text={create.problem} />
        <Field
          label="What is it for?"
          name="key-name"
          value={name}
          onInput={setName}
          maxLength={60}
          placeholder="Nightly report"
          error={isTried ? nameError : undefined}
          testId="api-key-name"
        />
        <fieldset class="key-scopes" aria-describedby="key-scopes-note">
          <legend class="field-label">What may it do?</legend>
          {PLAIN_SCOPES.map((one) => (
            <ScopeBox key={one.scope} {...one} scopes={scopes} onChange={setScopes} />
          ))}
          {(user.permissions as Scope[]).map((scope) => (
            <ScopeBox key={scope} scope={scope} label={permissionWords(scope)} scopes={scopes} onChange={setScopes} />
          ))}
          <p id="key-scopes-note" class={isTried && isIdle ? 'field-error' : 'field-hint'} role="status">
            {isTried && isIdle
              ? 'Choose one thing at least'
              : 'It never does more than you may. No key changes your account.'}
          </p>
        </fieldset>
        <Select label="How long is it good?" options={LIVES} value={days} onChange={setDays} testId="api-key-days" />
        <div class="form-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={create.isBusy} testId="api-key-create">
            Make the key
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

interface ScopeBoxProps {
  scope: Scope
  label: string
  hint?: string
  scopes: readonly Scope[]
  onChange: (scopes: readonly Scope[]) => void
}

function ScopeBox({ scope, label, hint, scopes, onChange }: ScopeBoxProps) {
  return (
    <label class="key-scope">
      <input
        type="checkbox"
        checked={scopes.includes(scope)}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
        }
        data-testid={`api-key-scope-${scope}`}
      />
      <span>
        {label}
        {hint && <span class="key-scope-hint">{hint}</span>}
      </span>
    </label>
  )
}

function ShownOnce({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  return (
    <Dialog
      title="Your new key"
      onClose={onClose}
      testId="api-key-shown"
      footer={
        <Button kind="primary" onPress={onClose} testId="api-key-done">
          I have it
        </Button>
      }
    >
      <p>
        Copy it now: <strong>it is shown this once</strong>. Whoever has it can do what it may, so keep it as you keep a
        password. A program sends it as <code>Authorization: Bearer</code>.
      </p>
      <CopyField label={`Key “${made.name}”`} value={made.key} testId="api-key-value" />
    </Dialog>
  )
}
