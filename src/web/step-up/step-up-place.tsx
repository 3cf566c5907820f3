import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { client } from '../client.ts'
import { lineOf } from '../components/problem-words.ts'
import { toast } from '../components/toast.tsx'
import { useStore } from '../store.ts'
import { dropQuestion, question } from './proof-question.ts'
import type { StepUpDialogProps } from './step-up-dialog.tsx'

let loaded: ComponentType<StepUpDialogProps> | null = null

/** Where the page asks who it is, over whatever is open. Drawn once; its script comes with the first question. */
export function StepUpPlace() {
  const { asked } = useStore(question)
  const [, redraw] = useState({})

  useEffect(() => client.onUserChange(dropQuestion), [])
  useEffect(() => {
    if (!asked || loaded) return
    import('./step-up-dialog.tsx').then(
      (script) => {
        loaded = script.StepUpDialog
        redraw({})
      },
      (problem: unknown) => {
        toast({ text: lineOf(problem), tone: 'bad' })
        asked.settle(false)
      },
    )
  }, [asked])

  const Shown = loaded
  return asked && Shown ? <Shown methods={asked.methods} onSettled={asked.settle} /> : null
}
