import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { useTitle } from '../shell/title.ts'
import { useCaptcha } from './captcha/use-captcha.tsx'
import { FormProblem } from './form-problem.tsx'
import { PasswordField } from './password-field.tsx'
import { SubmitButton } from './submit-button.tsx'
import { useAccountForm } from './use-account-form.ts'

const NAMES = ['email', 'password'] as const

export function LoginForm({ onOther }: { onOther: () => void }) {
  useTitle('Sign in')
  const captcha = useCaptcha('login')
  const form = useAccountForm(
    NAMES,
    ({ email, password }) => ({
      ...(email ? {} : { email: 'Enter your e-mail address' }),
      ...(password ? {} : { password: 'Enter your password' }),
      ...captcha.problems(),
    }),
    (values) => captcha.guard((answer) => client.auth.login({ ...values, ...answer })),
  )
  const { form: problem, fields } = form.problems
  return (
    <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="login-form">
      <h1>Welcome back</h1>
      <FormProblem text={problem} />
      <Field label="E-mail" name="email" type="email" autocomplete="username" maxLength={254} error={fields.email} />
      <PasswordField autocomplete="current-password" error={fields.password} />
      {captcha.render(fields.captchaToken)}
      <SubmitButton form={form} label="Sign in" testId="login-submit" />
      <p class="account-other">
        New here?{' '}
        <Button kind="text" onPress={onOther} testId="show-register">
          Create an account
        </Button>
      </p>
    </form>
  )
}
