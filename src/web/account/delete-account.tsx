import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { Field } from '../components/field.tsx'
import { PageSection } from '../components/page-frame.tsx'
import { toast } from '../components/toast.tsx'
import { useAction } from '../components/use-action.ts'
import { HOME, navigate } from '../route.ts'
import { useWorkspace } from '../workspace.ts'
import { FormProblem } from './form-problem.tsx'

/** The way out for good. Nobody goes by accident: they write their name first. */
export function DeleteAccount() {
  const [asks, setAsks] = useState(false)
  return (
    <PageSection
      title="Delete your account"
      about="Your name, your address, your settings and all ways to sign in are erased. What you wrote stays in its conversations, by “Deleted user”. Groups that only you own go to who moderates them, or has been there longest. You may want to download your data first."
      actions={
        <Button kind="danger" onPress={() => setAsks(true)} testId="delete-account">
          Delete your account
        </Button>
      }
    >
      {asks && <AskForName onClose={() => setAsks(false)} />}
    </PageSection>
  )
}

function AskForName({ onClose }: { onClose: () => void }) {
  const { client, user, setLeaving } = useWorkspace()
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string>()
  const [problem, setProblem] = useState<string | null>(null)
  const leave = useAction(
    async () => {
      setProblem(null)
      setLeaving(true)
      try {
        await client.auth.deleteAccount()
      } catch (failure) {
        setLeaving(false)
        throw failure
      }
      navigate(HOME)
      toast({ text: 'Your account is deleted', tone: 'good' })
    },
    { onProblem: (words) => setProblem(`Your account is still there. ${words}`) },
  )
  const onConfirm = () => {
    if (typed.trim().replace(/^@/, '').toLowerCase() === user.username) void leave.run()
    else setError(`Write ${user.username}`)
  }
  return (
    <Confirm
      title="Delete your account?"
      text="You are signed out everywhere at once, and this cannot be undone."
      action="Delete it for good"
      isBusy={leave.isBusy}
      testId="confirm-delete-account"
      onConfirm={onConfirm}
      onCancel={onClose}
    >
      <FormProblem text={problem} />
      <Field
        label={`Write your username, ${user.username}`}
        name="username"
        isCode
        value={typed}
        onInput={setTyped}
        error={error}
        testId="delete-account-name"
      />
    </Confirm>
  )
}
