import { useEffect } from 'preact/hooks'
import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { useAction } from '../components/use-action.ts'
import { passkeyProblem } from '../passkey-problem.ts'

/** What a browser knows of passkeys comes when it is wanted, not with the page. */
const passkeys = () => import('../passkeys.ts')

/** A challenge is good for five minutes, and somebody may look at the page for an hour. */
const ASK_AGAIN_MS = 4 * 60_000

/**
 * The way in by a passkey: a button, and where the browser can, an offer among what it fills into the field whose
 * `autocomplete` ends in `webauthn`.
 */
export function PasskeyWay({ onProblem }: { onProblem: (words: string | null) => void }) {
  const enter = useAction(
    async () => {
      onProblem(null)
      const { showPasskey } = await passkeys()
      await client.passkeys.signIn(await showPasskey(await client.passkeys.beginSignIn()))
    },
    { onProblem: (words, problem) => onProblem(passkeyProblem(words, problem)) },
  )
  const { isBusy } = enter
  useEffect(() => (isBusy ? undefined : offerPasskeys(onProblem)), [isBusy, onProblem])
  if (typeof PublicKeyCredential === 'undefined') return null
  return (
    <Button onPress={() => void enter.run()} isBusy={isBusy} testId="passkey-sign-in">
      <Icon name="key" />
      Sign in with a passkey
    </Button>
  )
}

/** Waits in the background for whoever picks one, and asks for a new challenge in time. Answers the way to stop. */
function offerPasskeys(onProblem: (words: string | null) => void): () => void {
  let isOver = false
  let stop = () => {}
  const offer = async () => {
    const { fillsPasskeys, showPasskey, stopAsking } = await passkeys()
    if (isOver || !(await fillsPasskeys())) return
    const begun = await client.passkeys.beginSignIn()
    if (isOver) return
    stop = stopAsking
    const again = setTimeout(() => {
      stopAsking()
      run()
    }, ASK_AGAIN_MS)
    const proof = await showPasskey(begun, true).finally(() => clearTimeout(again))
    stop = () => {}
    await client.passkeys.signIn(proof).catch((problem: unknown) => {
      onProblem(problem instanceof Error ? problem.message : null)
      run()
    })
  }
  // Nobody has asked for it: where it cannot be offered, the button and the password are there.
  const run = () => void offer().catch(() => undefined)
  run()
  return () => {
    isOver = true
    stop()
  }
}
