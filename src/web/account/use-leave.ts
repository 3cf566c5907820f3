import { useState } from 'preact/hooks'
import { lineOf } from '../components/problem-words.ts'
import { HOME, navigate } from '../route.ts'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { type Leaving, lossOf, signOut } from './way-out.ts'

/** The way out, from this browser or from all. Where it fails one is still signed in, and told so. */
export function useLeave() {
  const workspace = useWorkspace()
  const { entries } = useStore(workspace.outbox.state)
  const [busy, setBusy] = useState<Leaving | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  /** @param place where whoever signs in next goes on */
  const leave = async (how: Leaving, place = HOME): Promise<boolean> => {
    setBusy(how)
    setProblem(null)
    try {
      await signOut(workspace, how)
      navigate(place)
      return true
    } catch (error) {
      setBusy(null)
      setProblem(`You are still signed in. ${lineOf(error)}`)
      return false
    }
  }
  return { leave, busy, problem, loss: lossOf(entries.length) }
}
