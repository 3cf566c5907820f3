import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { toast } from '../../components/toast.tsx'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from '../form-problem.tsx'
import { SubmitButton } from '../submit-button.tsx'
import { useAccountForm } from '../use-account-form.ts'
import { ResendButton } from '../verify-banner.tsx'

/** The address by which one signs in, whether it is known to be one's own, and the way to another one. */
export function EmailSection() {
  const { address } = useWorkspace()
  const { email, isVerified } = useStore(address.state)
  const [isChanging, setChanging] = useState(false)
  const [wanted, setWanted] = useState<string | null>(null)
  useEffect(() => void address.look(), [address])

  const onSent = (newEmail: string) => {
    setWanted(newEmail)
    setChanging(false)
    toast({ text: `Look into the inbox of ${newEmail}`, tone: 'good' })
  }
  return (
    <PageSection
      title="E-mail address"
      about="You sign in with it, and mail about your account goes there."
      actions={
        !isChanging && (
          <Button onPress={() => setChanging(true)} testId="email-change">
            Change it
          </Button>
        )
      }
    >
      <dl class="facts" data-testid="email-facts">
        <div>
          <dt>Address</dt>
          <dd>
            {email}{' '}
            <span class={isVerified ? 'tag' : 'tag tag-bad'}>{isVerified ? 'Verified' : 'Not verified yet'}</span>
          </dd>
        </div>
        {!isVerified && (
          <div>
            <dt>Link to verify it</dt>
            <dd>
              <ResendButton />
            </dd>
          </div>
        )}
      </dl>
      <p role="status" class="preferences-state" data-testid="email-wanted">
        {wanted &&
          `If ${wanted} can be used, a link is on its way there. Your address is the one above until you press it.`}
      </p>
      {isChanging && <ChangeForm onSent={onSent} onCancel={() => setChanging(false)} />}
    </PageSection>
  )
}

function ChangeForm({ onSent, onCancel }: { onSent: (newEmail: string) => void; onCancel: () => void }) {
  const { client } = useWorkspace()
  const form = useAccountForm(
    ['newEmail'],
    ({ newEmail }): Record<string, string> => (newEmail ? {} : { newEmail: 'Enter the new address' }),
    async ({ newEmail }) => {
      await client.recovery.changeEmail(newEmail)
      onSent(newEmail)
    },
  )
  const { form: problem, fields } = form.problems
  return (
    <form class="security-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="email-form">
      <FormProblem text={problem} />
      <Field
        label="New address"
        name="newEmail"
        type="email"
        autocomplete="email"
        maxLength={254}
        hint="It counts once you have pressed the link that is mailed there."
        error={fields.newEmail}
      />
      <div class="security-form-actions">
        <SubmitButton form={form} label="Mail a link there" testId="email-submit" />
        <Button onPress={onCancel}>Cancel</Button>
      </div>
    </form>
  )
}
