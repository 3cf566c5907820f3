import { useEffect, useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { useAction } from '../components/use-action.ts'
import { createStore, useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'

/** Put away until the page is loaded anew, wherever one goes in it. */
const putAway = createStore({ isPutAway: false })

/** Asks whoever has not verified their address to do so, and mails the link once more. */
export function VerifyBanner() {
  const { address } = useWorkspace()
  const { isVerified } = useStore(address.state)
  const { isPutAway } = useStore(putAway)
  // What another tab has told of the person may be from before they pressed the link.
  useEffect(() => {
    if (!address.state.value.isVerified) void address.look()
  }, [address])
  if (isVerified || isPutAway) return null
  return (
    <section class="verify-banner" aria-label="Your address is not verified" data-testid="verify-banner">
      <p>
        <strong>Verify your address.</strong> A link was mailed to you.
      </p>
      <ResendButton />
      <Button kind="icon" label="Not now" onPress={() => putAway.set({ isPutAway: true })} testId="verify-later">
        <Icon name="close" />
      </Button>
    </section>
  )
}

/** The answer is the same whether a mail is due or not, so the words say no more than that. */
export function ResendButton() {
  const { client, address } = useWorkspace()
  const { email } = useStore(address.state)
  const [isSent, setSent] = useState(false)
  const resend = useAction(async () => {
    await client.recovery.resendVerification(email)
    setSent(true)
  })
  return (
    <span class="verify-resend">
      <span role="status">{isSent && 'Look into your inbox: a new link comes within a minute.'}</span>
      {!isSent && (
        <Button kind="text" isBusy={resend.isBusy} onPress={() => void resend.run()} testId="verify-resend">
          Mail it once more
        </Button>
      )}
    </span>
  )
}
