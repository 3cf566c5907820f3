import { useState } from 'preact/hooks'
import type { Client } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { toast } from '../../components/toast.tsx'
import { ADDRESSES, followInside } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from '../form-problem.tsx'
import { PasswordField } from '../password-field.tsx'
import { PasswordRules } from '../password-rules.tsx'
import { meetsRules } from '../strength.ts'
import { SubmitButton } from '../submit-button.tsx'
import { useAccountForm, valuesOf } from '../use-account-form.ts'

const NAMES = ['currentPassword', 'newPassword'] as const

/** The password, and the way to another one by the one that there is. */
export function PasswordSection() {
  const [isChanging, setChanging] = useState(false)
  const { client } = useWorkspace()
  const [livesOn, setLivesOn] = useState<string | null>(null)
  const onDone = () => {
    setChanging(false)
    toast({ text: 'Your password is changed. Other devices are signed out.', tone: 'good' })
    void readLivesOn(client).then(setLivesOn)
  }
  return (
    <PageSection
      title="Password"
      about="With a new one all your other devices are signed out."
      actions={
        !isChanging && (
          <Button onPress={() => setChanging(true)} testId="password-change">
            Change it
          </Button>
        )
      }
    >
      <p role="status" class="preferences-state" data-testid="password-lives-on">
        {livesOn}
      </p>
      {isChanging ? (
        <ChangeForm onDone={onDone} onCancel={() => setChanging(false)} />
      ) : (
        <p>
          If you do not know it, or have none yet,{' '}
          <a class="link" href={ADDRESSES.forgotPassword} onClick={followInside}>
            have a link mailed to you
          </a>
          .
        </p>
      )}
    </PageSection>
  )
}

function ChangeForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const { client, user } = useWorkspace()
  const [typed, setTyped] = useState('')
  const form = useAccountForm(
    NAMES,
    ({ currentPassword, newPassword }): Record<string, string> => ({
      ...(currentPassword ? {} : { currentPassword: 'Enter your password' }),
      ...(meetsRules(newPassword) ? {} : { newPassword: 'The password still needs what is listed here' }),
    }),
    async (values) => {
      await client.recovery.changePassword(values)
      onDone()
    },
  )
  const { form: problem, fields } = form.problems
  return (
    <form
      class="security-form"
      ref={form.ref}
      noValidate
      onSubmit={form.onSubmit}
      onInput={({ currentTarget }) => setTyped(valuesOf(currentTarget, NAMES).newPassword)}
      data-testid="password-form"
    >
      <FormProblem text={problem} />
      <PasswordField
        label="Your password now"
        name="currentPassword"
        autocomplete="current-password"
        error={fields.currentPassword}
      />
      <PasswordField label="New password" name="newPassword" autocomplete="new-password" error={fields.newPassword}>
        <PasswordRules password={typed} own={[user.firstName, user.lastName, user.username, user.email]} />
      </PasswordField>
      <div class="security-form-actions">
        <SubmitButton form={form} label="Change the password" testId="password-submit" />
        <Button onPress={onCancel}>Cancel</Button>
      </div>
    </form>
  )
}

/** What else lets in to the account, which a new password leaves as it is; null where there is nothing. */
async function readLivesOn(client: Client): Promise<string | null> {
  const [passkeys, keys] = await Promise.allSettled([client.passkeys.list(), client.apiKeys.list()])
  const hasPasskeys = passkeys.status === 'fulfilled' && passkeys.value.length > 0
  const hasKeys = keys.status === 'fulfilled' && keys.value.some(({ expiresAt }) => Date.parse(expiresAt) > Date.now())
  if (!hasPasskeys && !hasKeys) return null
  const what = [hasPasskeys && 'passkeys', hasKeys && 'API keys'].filter(Boolean).join(' and ')
  return `Your ${what} go on working: look through them below.`
}
