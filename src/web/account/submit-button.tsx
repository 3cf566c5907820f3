import { Button } from '../components/button.tsx'
import { waitInWords } from './problems.ts'
import type { AccountForm } from './use-account-form.ts'

interface SubmitButtonProps {
  form: Pick<AccountForm, 'isBusy' | 'waitSeconds'>
  label: string
  testId: string
}

/** Where the server asked to wait it counts down, outside of the alert, which would be read again each second. */
export function SubmitButton({ form: { isBusy, waitSeconds }, label, testId }: SubmitButtonProps) {
  return (
    <Button kind="primary" type="submit" isBusy={isBusy} disabled={waitSeconds > 0} testId={testId}>
      {waitSeconds > 0 ? `Try again in ${waitInWords(waitSeconds)}` : label}
    </Button>
  )
}
