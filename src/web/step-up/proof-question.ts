import type { StepUp } from '../../client/index.ts'
import { createStore } from '../store.ts'

type Method = StepUp['methods'][number]

interface Question {
  methods: readonly Method[]
  /** What to do with the answer: whether they have shown that it is them. */
  settle: (isProved: boolean) => void
}

/** What the page asks just now; at most one thing, however many calls wait for it. */
export const question = createStore<{ asked: Question | null }>({ asked: null })

let pending: Promise<boolean> | null = null

/**
 * Asks whoever is signed in to show that it is them; the dialog that does so is drawn by the page. The client calls it
 * for every call that the server refuses until then, and makes the call again if this answers true.
 */
export function askForProof({ methods }: StepUp): Promise<boolean> {
  pending ??= new Promise<boolean>((resolve) => {
    question.set({
      asked: {
        methods,
        settle: (isProved) => {
          question.set({ asked: null })
          pending = null
          resolve(isProved)
        },
      },
    })
  })
  return pending
}

/** Whoever was asked is here no more. */
export function dropQuestion(): void {
  question.value.asked?.settle(false)
}
