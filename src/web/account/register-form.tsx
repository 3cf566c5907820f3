import { useState } from 'preact/hooks'
import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { useTitle } from '../shell/title.ts'
import { useCaptcha } from './captcha/use-captcha.tsx'
import { FormProblem } from './form-problem.tsx'
import { ProviderButtons } from './outside/provider-buttons.tsx'
import { PasswordField } from './password-field.tsx'
import { PasswordRules } from './password-rules.tsx'
import { meetsRules } from './strength.ts'
import { SubmitButton } from './submit-button.tsx'
import { useAccountForm, valuesOf } from './use-account-form.ts'

const NAMES = ['firstName', 'lastName', 'email', 'username', 'password'] as const
type Values = Record<(typeof NAMES)[number], string>

const NOTHING: Values = { firstName: '', lastName: '', email: '', username: '', password: '' }

export function RegisterForm({ onOther }: { onOther: () => void }) {
  useTitle('Create an account')
  const [{ password, ...own }, setTyped] = useState(NOTHING)
  const captcha = useCaptcha('register')
  const form = useAccountForm(
    NAMES,
    (values) => ({ ...check(values), ...captcha.problems() }),
    ({ username, ...values }) =>
      captcha.guard((answer) => client.auth.register({ ...values, ...(username ? { username } : {}), ...answer })),
  )
  const { form: problem, fields } = form.problems
  return (
    <form
      class="account-form"
      ref={form.ref}
      noValidate
      onSubmit={form.onSubmit}
      onInput={({ currentTarget }) => setTyped(valuesOf(currentTarget, NAMES))}
      data-testid="register-form"
    >
      <h1>Create your account</h1>
      <FormProblem text={problem} />
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
        hint="3 to 30 letters, digits or _. Left empty, it is made from your name."
        error={fields.username}
      />
      <PasswordField autocomplete="new-password" error={fields.password}>
        <PasswordRules password={password} own={Object.values(own)} />
      </PasswordField>
      {captcha.render(fields.captchaToken)}
      <SubmitButton form={form} label="Create account" testId="register-submit" />
      <ProviderButtons />
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
function check({ firstName, lastName, email, username, password }: Values): Record<string, string> {
  return {
    ...(firstName ? {} : { firstName: 'Enter your first name' }),
    ...(lastName ? {} : { lastName: 'Enter your last name' }),
    ...(email ? {} : { email: 'Enter your e-mail address' }),
    ...(username === '' || /^\w{3,30}$/.test(username) ? {} : { username: 'Use 3 to 30 letters, digits or _' }),
    ...(meetsRules(password) ? {} : { password: 'The password still needs what is listed here' }),
  }
}
