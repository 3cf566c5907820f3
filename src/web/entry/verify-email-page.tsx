import { useState } from 'preact/hooks'
import { ApiError, type VerificationLink } from '../../client/index.ts'
import { FormProblem } from '../account/form-problem.tsx'
import { SubmitButton } from '../account/submit-button.tsx'
import { useAccountForm } from '../account/use-account-form.ts'
import { WelcomeFrame } from '../account/welcome-frame.tsx'
import { client } from '../client.ts'
import { ErrorState } from '../components/error-state.tsx'
import { Progress } from '../components/progress.tsx'
import { useLoad } from '../components/use-load.ts'
import { useTitle } from '../shell/title.ts'
import { EntryWords, HomeLink } from './entry-words.tsx'
import { useMailedToken } from './mailed-token.ts'

const TITLE = 'Confirm your address'

type Outcome = { kind: 'open' } | { kind: 'done'; message: string } | { kind: 'dead' }

/**
 * Where the links lead by which an address is shown to be one's own. It takes a press: programs that look through mail
 * open its links, and run what stands there, too.
 */
export function VerifyEmailPage() {
  const token = useMailedToken()
  const [outcome, setOutcome] = useState<Outcome>({ kind: token === null ? 'dead' : 'open' })
  if (outcome.kind === 'done') {
    return (
      <EntryWords title="Done" testId="verify-done">
        <p>{outcome.message}</p>
        <HomeLink label="Go on" />
      </EntryWords>
    )
  }
  if (outcome.kind === 'dead' || token === null) {
    return (
      <EntryWords title="This link is no good any more" testId="verify-dead">
        <p>
          It was used, a newer one was mailed since, or it is older than a day. If your address is verified already,
          just go on; else sign in and ask for a new link.
        </p>
        <HomeLink label="Go on" />
      </EntryWords>
    )
  }
  return <CheckedForm token={token} onOutcome={setOutcome} />
}

interface FormProps {
  token: string
  onOutcome: (outcome: Outcome) => void
}

/** Whose account it is, is known before anybody presses. */
function CheckedForm({ token, onOutcome }: FormProps) {
  const { status, data, problem, reload } = useLoad(
    async (signal) => {
      const link = await client.recovery.readVerificationLink(token, { signal })
      if (!link.valid) onOutcome({ kind: 'dead' })
      return link
    },
    [token],
  )
  useTitle(TITLE)
  if (data?.account) return <VerifyForm token={token} link={data} account={data.account} onOutcome={onOutcome} />
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

interface VerifyFormProps extends FormProps {
  link: VerificationLink
  account: NonNullable<VerificationLink['account']>
}

function VerifyForm({ token, link, account, onOutcome }: VerifyFormProps) {
  const form = useAccountForm(
    [],
    () => ({}),
    async () => {
      const outcome = await tryToken(token)
      // Whoever is signed in here is shown with what is so now.
      await client.restore().catch(() => undefined)
      onOutcome(outcome)
    },
  )
  return (
    <WelcomeFrame>
      <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="verify-form">
        <h1>{TITLE}</h1>
        <p data-testid="verify-account">
          {link.isNewAddress ? 'It becomes the address of' : 'One press, and it is the verified address of'}{' '}
          <b>
            {account.firstName} {account.lastName}
          </b>{' '}
          (@{account.username}).
        </p>
        <p>
          {link.isNewAddress
            ? 'Is this not your account? Then close this page: nothing has changed.'
            : 'Is this not your account? Then somebody else has registered with your address. Do not confirm it: “Forgot your password?” shuts them out and makes it yours.'}
        </p>
        <FormProblem text={form.problems.form} />
        <SubmitButton form={form} label="Confirm this address" testId="verify-submit" />
      </form>
    </WelcomeFrame>
  )
}

async function tryToken(token: string): Promise<Outcome> {
  try {
    const { message } = await client.recovery.verifyEmail(token)
    return { kind: 'done', message }
  } catch (error) {
    if (error instanceof ApiError && error.code === 'INVALID_TOKEN') return { kind: 'dead' }
    throw error
  }
}
