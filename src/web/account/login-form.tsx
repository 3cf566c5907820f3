import { useState } from 'preact/hooks'
import type { MfaRequired } from '../../client/index.ts'
import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { followInside, route } from '../route.ts'
import { useTitle } from '../shell/title.ts'
import { useStore } from '../store.ts'
import { forgotHref } from '../way-back.ts'
import { useCaptcha } from './captcha/use-captcha.tsx'
import { FormProblem } from './form-problem.tsx'
import { ProviderButtons } from './outside/provider-buttons.tsx'
import { PasskeyWay } from './passkey-way.tsx'
import { PasswordField } from './password-field.tsx'
import { SecondStepForm } from './second-step-form.tsx'
import { SubmitButton } from './submit-button.tsx'
import { useAccountForm } from './use-account-form.ts'

const NAMES = ['email', 'password'] as const

/** The way in for whoever has an account, in one step or two. */
export function LoginForm({ onOther }: { onOther: () => void }) {
  const [required, setRequired] = useState<MfaRequired | null>(null)
  const [hasRunOut, setRunOut] = useState(false)
  const goBack = (ranOut: boolean) => {
    setRequired(null)
    setRunOut(ranOut)
  }
  return required ? (
    <SecondStepForm required={required} onBack={goBack} />
  ) : (
    <FirstStepForm onOther={onOther} onRequired={setRequired} hasRunOut={hasRunOut} />
  )
}

interface FirstStepProps {
  onOther: () => void
  onRequired: (required: MfaRequired) => void
  /** The second step of the sign-in before came too late. */
  hasRunOut: boolean
}

function FirstStepForm({ onOther, onRequired, hasRunOut }: FirstStepProps) {
  useTitle('Sign in')
  const captcha = useCaptcha('login')
  const form = useAccountForm(
    NAMES,
    ({ email, password }) => ({
      ...(email ? {} : { email: 'Enter your e-mail address' }),
      ...(password ? {} : { password: 'Enter your password' }),
      ...captcha.problems(),
    }),
    (values) =>
      captcha.guard(async (checked) => {
        const answer = await client.auth.login({ ...values, ...checked })
        if ('requiresMfa' in answer) onRequired(answer)
      }),
  )
  const { fields } = form.problems
  const [passkeyProblem, setPasskeyProblem] = useState<string | null>(null)
  const problem =
    form.problems.form ?? passkeyProblem ?? (hasRunOut ? 'That took too long. Please sign in again.' : null)
  return (
    <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="login-form">
      <h1>Welcome back</h1>
      <FormProblem text={problem} />
      <Field
        label="E-mail"
        name="email"
        type="email"
        autocomplete="username webauthn"
        maxLength={254}
        error={fields.email}
      />
      <PasswordField autocomplete="current-password" error={fields.password} />
      {captcha.render(fields.captchaToken)}
      <SubmitButton form={form} label="Sign in" testId="login-submit" />
      <PasskeyWay onProblem={setPasskeyProblem} />
      <ProviderButtons />
      <p class="account-other">
        <a class="link" href={forgotHref(useStore(route))} onClick={followInside} data-testid="show-forgot">
          Forgot your password?
        </a>
      </p>
      <p class="account-other">
        New here?{' '}
        <Button kind="text" onPress={onOther} testId="show-register">
          Create an account
        </Button>
      </p>
    </form>
  )
}
