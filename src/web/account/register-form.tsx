import { useState } from 'preact/hooks'
import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { FormProblem } from './form-problem.tsx'
import { PasswordField } from './password-field.tsx'
import { isStrongEnough, PasswordRules } from './password-rules.tsx'
import { useAccountForm } from './use-account-form.ts'

const NAMES = ['firstName', 'lastName', 'email', 'username', 'password'] as const
type Values = Record<(typeof NAMES)[number], string>

export function RegisterForm({ onOther }: { onOther: () => void }) {
  const [password, setPassword] = useState('')
  const { ref, busy, problems, onSubmit } = useAccountForm(NAMES, check, ({ username, ...values }) =>
    client.auth.register({ ...values, ...(username ? { username } : {}) }),
  )
  const { fields } = problems
  return (
    <form class="account-form" ref={ref} noValidate onSubmit={onSubmit} data-testid="register-form">
      <h1>Create your account</h1>
      <FormProblem text={problems.form} />
      <div class="account-pair">
        <Field label="First name" name="firstName" autocomplete="given-name" maxLength={100} error={fields.firstName} />
        <Field label="Last name" name="lastName" autocomplete="family-name" maxLength={100} error={fields.lastName} />
      </div>
      <Field label="E-mail" name="email" type="email" autocomplete="email" maxLength={254} error={fields.email} />
      <Field
        label="Username"
        name="username"
        optional
        autocomplete="off"
        isCode
        maxLength={30}
        hint="Letters, digits and _. Left empty, it is made from your name."
        error={fields.username}
      />
      <PasswordField autocomplete="new-password" error={fields.password} onInput={setPassword}>
        <PasswordRules password={password} />
      </PasswordField>
      <Button kind="primary" type="submit" isBusy={busy} testId="register-submit">
        Create account
      </Button>
      <p class="account-other">
        Have an account?{' '}
        <Button kind="text" onPress={onOther} testId="show-login">
          Sign in
        </Button>
      </p>
    </form>
  )
}

/** What needs no server to be told; everything else it answers itself. */
function check({ firstName, lastName, email, password }: Values): Record<string, string> {
  return {
    ...(firstName ? {} : { firstName: 'Enter your first name' }),
    ...(lastName ? {} : { lastName: 'Enter your last name' }),
    ...(email ? {} : { email: 'Enter your e-mail address' }),
    ...(isStrongEnough(password) ? {} : { password: 'The password still needs what is listed here' }),
  }
}
