import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { FormProblem } from './form-problem.tsx'
import { PasswordField } from './password-field.tsx'
import { useAccountForm } from './use-account-form.ts'

const NAMES = ['email', 'password'] as const

export function LoginForm({ onOther }: { onOther: () => void }) {
  const { ref, busy, problems, onSubmit } = useAccountForm(
    NAMES,
    ({ email, password }) => ({
      ...(email ? {} : { email: 'Enter your e-mail address' }),
      ...(password ? {} : { password: 'Enter your password' }),
    }),
    (values) => client.auth.login(values),
  )
  return (
    <form class="account-form" ref={ref} noValidate onSubmit={onSubmit} data-testid="login-form">
      <h1>Welcome back</h1>
      <FormProblem text={problems.form} />
      <Field
        label="E-mail"
        name="email"
        type="email"
        autocomplete="username"
        maxLength={254}
        error={problems.fields.email}
      />
      <PasswordField autocomplete="current-password" error={problems.fields.password} />
      <Button kind="primary" type="submit" isBusy={busy} testId="login-submit">
        Sign in
      </Button>
      <p class="account-other">
        New here?{' '}
        <Button kind="text" onPress={onOther} testId="show-register">
          Create an account
        </Button>
      </p>
    </form>
  )
}
