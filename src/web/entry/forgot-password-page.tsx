import { useState } from 'preact/hooks'
import { useCaptcha } from '../account/captcha/use-captcha.tsx'
import { FormProblem } from '../account/form-problem.tsx'
import { SubmitButton } from '../account/submit-button.tsx'
import { useAccountForm } from '../account/use-account-form.ts'
import { WelcomeFrame } from '../account/welcome-frame.tsx'
import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { followInside, route } from '../route.ts'
import { useTitle } from '../shell/title.ts'
import { useStore } from '../store.ts'
import { signInHref } from '../way-back.ts'
import { EntryWords } from './entry-words.tsx'

/** Asks for the mail with which a forgotten password is reset. What it says then is the same for every address. */
export function ForgotPasswordPage() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  if (sentTo === null) return <AskForm onSent={setSentTo} />
  return (
    <EntryWords title="Look into your inbox" testId="forgot-sent">
      <p>
        If an account has the address <strong>{sentTo}</strong>, a mail with a link is on its way to it. The link is
        good for one hour.
      </p>
      <p class="account-other">
        Nothing there after a minute? Look among the unwanted mail, or{' '}
        <Button kind="text" onPress={() => setSentTo(null)} testId="forgot-again">
          try another address
        </Button>
        .
      </p>
      <BackToSignIn />
    </EntryWords>
  )
}

function AskForm({ onSent }: { onSent: (email: string) => void }) {
  useTitle('Forgot your password?')
  const captcha = useCaptcha('forgot-password')
  const form = useAccountForm(
    ['email'],
    ({ email }): Record<string, string> => ({
      ...(email ? {} : { email: 'Enter your e-mail address' }),
      ...captcha.problems(),
    }),
    async ({ email }) => {
      await captcha.guard((checked) => client.recovery.forgotPassword(email, checked))
      onSent(email)
    },
  )
  const { form: problem, fields } = form.problems
  return (
    <WelcomeFrame>
      <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="forgot-form">
        <h1>Forgot your password?</h1>
        <p>Enter the address of your account, and we mail you a link by which you choose a new one.</p>
        <FormProblem text={problem} />
        <Field label="E-mail" name="email" type="email" autocomplete="username" maxLength={254} error={fields.email} />
        {captcha.render(fields.captchaToken)}
        <SubmitButton form={form} label="Mail me a link" testId="forgot-submit" />
        <BackToSignIn />
      </form>
    </WelcomeFrame>
  )
}

function BackToSignIn() {
  return (
    <p class="account-other">
      <a class="link" href={signInHref(useStore(route))} onClick={followInside}>
        Back to signing in
      </a>
    </p>
  )
}
