import { useState } from 'preact/hooks'
import type { Client } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { toast } from '../../components/toast.tsx'
import { ADDRESSES, followInside } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { useCaptcha } from '../captcha/use-captcha.tsx'
import { FormProblem } from '../form-problem.tsx'
import { PasswordField } from '../password-field.tsx'
import { PasswordRules } from '../password-rules.tsx'
import { meetsRules } from '../strength.ts'
import { SubmitButton } from '../submit-button.tsx'
import { useAccountForm, valuesOf } from '../use-account-form.ts'
import type { SecuritySectionProps } from './security-tab.tsx'

const NAMES = ['currentPassword', 'newPassword'] as const

/** The password, and the way to another one by the one that there is; or to the first one, by mail. */
export function PasswordSection({ steps: { status, data } }: SecuritySectionProps) {
  if (data?.hasPassword === false) return <NoPassword />
  if (status === 'loading' && !data) {
    return (
      <PageSection title="Password">
        <SkeletonRows count={1} label="Loading whether you have a password" />
      </PageSection>
    )
  }
  return <OwnPassword />
}

function OwnPassword() {
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
          If you do not know it,{' '}
          <a class="link" href={ADDRESSES.forgotPassword} onClick={followInside}>
            have a link mailed to you
          </a>
          .
        </p>
      )}
    </PageSection>
  )
}

/** Who is signed in by something else chooses a password as whoever has forgotten theirs does: by their mailbox. */
function NoPassword() {
  const { client, address } = useWorkspace()
  const { email } = useStore(address.state)
  const [sentTo, setSentTo] = useState<string | null>(null)
  const captcha = useCaptcha('forgot-password')
  const form = useAccountForm(
    [],
    () => captcha.problems(),
    async () => {
      await captcha.guard((checked) => client.recovery.forgotPassword(email, checked))
      setSentTo(email)
    },
  )
  const { form: problem, fields } = form.problems
  return (
    <PageSection title="Password" about="You have none yet: you sign in by something else.">
      <p role="status" data-testid="password-link-sent">
        {sentTo && `Look into the inbox of ${sentTo}: the link there is good for one hour.`}
      </p>
      <form class="security-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="no-password">
        <p>We mail you a link by which you choose one. All your devices are signed out once you have.</p>
        <FormProblem text={problem} />
        {captcha.render(fields.captchaToken)}
        <div class="security-form-actions">
          <SubmitButton form={form} label={sentTo ? 'Mail another link' : 'Set a password'} testId="password-set" />
        </div>
      </form>
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
