import { useState } from 'preact/hooks'
import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { useTitle } from '../shell/title.ts'
import { FormProblem } from './form-problem.tsx'
import { PasskeyWay } from './passkey-way.tsx'
import { PasswordField } from './password-field.tsx'
import { SubmitButton } from './submit-button.tsx'
import { useAccountForm } from './use-account-form.ts'

const NAMES = ['email', 'password'] as const

export function LoginForm({ onOther }: { onOther: () => void }) {
  useTitle('Sign in')
  const form = useAccountForm(
    NAMES,
    ({ email, password }) => ({
      ...(email ? {} : { email: 'Enter your e-mail address' }),
      ...(password ? {} : { password: 'Enter your password' }),
    }),
    (values) => client.auth.login(values),
  )
  const { form: problem, fields } = form.problems
  const [passkeyProblem, setPasskeyProblem] = useState<string | null>(null)
  return (
    <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="login-form">
      <h1>Welcome back</h1>
      <FormProblem text={problem ?? passkeyProblem} />
      <Field
        label="E-mail"
        name="email"
        type="email"
        autocomplete="username webauthn"
        maxLength={254}
        error={fields.email}
      />
      <PasswordField autocomplete="current-password" error={fields.password} />
      <SubmitButton form={form} label="Sign in" testId="login-submit" />
      <PasskeyWay onProblem={setPasskeyProblem} />
      <p class="account-other">
        New here?{' '}
        <Button kind="text" onPress={onOther} testId="show-register">
          Create an account
        </Button>
      </p>
    </form>
  )
}
