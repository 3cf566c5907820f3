import { useState } from 'preact/hooks'
import type { PasswordReset } from '../../client/index.ts'
import { FormProblem } from '../account/form-problem.tsx'
import { PasswordField } from '../account/password-field.tsx'
import { PasswordRules } from '../account/password-rules.tsx'
import { meetsRules } from '../account/strength.ts'
import { SubmitButton } from '../account/submit-button.tsx'
import { useAccountForm, valuesOf } from '../account/use-account-form.ts'
import { WelcomeFrame } from '../account/welcome-frame.tsx'
import { client } from '../client.ts'
import { ErrorState } from '../components/error-state.tsx'
import { Progress } from '../components/progress.tsx'
import { useLoad } from '../components/use-load.ts'
import { ADDRESSES, accountHref, followInside, HOME } from '../route.ts'
import { useTitle } from '../shell/title.ts'
import { EntryWords, HomeLink } from './entry-words.tsx'
import { useMailedToken } from './mailed-token.ts'
import { waysInWords } from './ways-in-words.ts'

const TITLE = 'Choose a new password'
const NAMES = ['newPassword', 'confirmPassword'] as const

/** Where the link of a reset mail leads. Whether it is still good is told before anybody thinks of a password. */
export function ResetPasswordPage() {
  const token = useMailedToken()
  const [done, setDone] = useState<PasswordReset | null>(null)
  if (done) return <Done stillLetsIn={done.stillLetsIn} />
  if (token === null) return <DeadLink />
  return <CheckedForm token={token} onDone={setDone} />
}

/** Whoever has lost more than a password is told what else lets in, and where it is taken away. */
function Done({ stillLetsIn }: { stillLetsIn: PasswordReset['stillLetsIn'] }) {
  const others = waysInWords(stillLetsIn)
  return (
    <EntryWords title="Your password is changed" testId="reset-done">
      <p>All devices are signed out, this one too. Sign in with your new password.</p>
      {others === null ? (
        <HomeLink label="Sign in" />
      ) : (
        <>
          <p data-testid="reset-still-lets-in">
            What lets in besides, as before: {others}. If somebody else was in your account, look whether all of that is
            yours.
          </p>
          <a class="button button-primary" href={accountHref('security')} onClick={followInside}>
            Sign in and look under Security
          </a>
          <p class="account-other">
            <a class="link" href={HOME} onClick={followInside} data-testid="entry-home">
              Just sign in
            </a>
          </p>
        </>
      )}
    </EntryWords>
  )
}

interface FormProps {
  token: string
  onDone: (done: PasswordReset) => void
}

function CheckedForm({ token, onDone }: FormProps) {
  const { status, data, problem, reload } = useLoad(
    (signal) => client.recovery.isResetTokenValid(token, { signal }),
    [token],
  )
  useTitle(TITLE)
  if (data === true) return <ResetForm token={token} onDone={onDone} />
  if (data === false) return <DeadLink />
  return (
    <WelcomeFrame>
      <div class="account-form">
        <h1>{TITLE}</h1>
        {status === 'failed' ? (
          <ErrorState problem={problem} onRetry={reload} />
        ) : (
          <Progress label="Looking at your link" />
        )}
      </div>
    </WelcomeFrame>
  )
}

function ResetForm({ token, onDone }: FormProps) {
  const [typed, setTyped] = useState('')
  const form = useAccountForm(
    NAMES,
    ({ newPassword, confirmPassword }): Record<string, string> => ({
      ...(meetsRules(newPassword) ? {} : { newPassword: 'The password still needs what is listed here' }),
      ...(newPassword === confirmPassword ? {} : { confirmPassword: 'Type the same password twice' }),
    }),
    async (values) => onDone(await client.recovery.resetPassword({ token, ...values })),
  )
  const { form: problem, fields } = form.problems
  return (
    <WelcomeFrame>
      <form
        class="account-form"
        ref={form.ref}
        noValidate
        onSubmit={form.onSubmit}
        onInput={({ currentTarget }) => setTyped(valuesOf(currentTarget, NAMES).newPassword)}
        data-testid="reset-form"
      >
        <h1>{TITLE}</h1>
        <p>All devices that are signed in to your account are signed out then.</p>
        <FormProblem text={problem} />
        <PasswordField label="New password" name="newPassword" autocomplete="new-password" error={fields.newPassword}>
          <PasswordRules password={typed} own={[]} />
        </PasswordField>
        <PasswordField
          label="The same once more"
          name="confirmPassword"
          autocomplete="new-password"
          error={fields.confirmPassword}
        />
        <SubmitButton form={form} label="Change the password" testId="reset-submit" />
      </form>
    </WelcomeFrame>
  )
}

function DeadLink() {
  return (
    <EntryWords title="This link is no good any more" testId="reset-dead">
      <p>It was used, a newer one was mailed since, or it is older than an hour. Only the newest link works.</p>
      <a
        class="button button-primary"
        href={ADDRESSES.forgotPassword}
        onClick={followInside}
        data-testid="reset-ask-again"
      >
        Ask for a new link
      </a>
    </EntryWords>
  )
}
