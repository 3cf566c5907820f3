import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { lineOf } from './problem-words.ts'
import { toast } from './toast.tsx'

export interface Action<Input extends unknown[], Result> {
  /** Undefined where it failed, or where one is still under way: then nothing is done. */
  run: (...input: Input) => Promise<Result | undefined>
  isBusy: boolean
  /** The last failure in words, until the next try. */
  problem: string | null
}

interface Options {
  /** Whoever shows the failure itself says so here; otherwise a toast tells it. */
  onProblem?: (words: string, problem: unknown) => void
}

/** Something that a person does: one at a time, and a failure is put into words. Its promise never rejects. */
export function useAction<Input extends unknown[], Result>(
  act: (...input: Input) => Promise<Result>,
  { onProblem }: Options = {},
): Action<Input, Result> {
  const [state, setState] = useState<{ isBusy: boolean; problem: string | null }>({ isBusy: false, problem: null })
  const now = useRef({ act, onProblem, isBusy: false, isGone: false })
  now.current.act = act
  now.current.onProblem = onProblem

  useEffect(() => {
    now.current.isGone = false
    return () => {
      now.current.isGone = true
    }
  }, [])

  const run = useCallback(async (...input: Input): Promise<Result | undefined> => {
    if (now.current.isBusy) return undefined
    const show = (change: { isBusy: boolean; problem: string | null }) => {
      now.current.isBusy = change.isBusy
      if (!now.current.isGone) setState(change)
    }
    show({ isBusy: true, problem: null })
    try {
      const result = await now.current.act(...input)
      show({ isBusy: false, problem: null })
      return result
    } catch (problem) {
      const words = lineOf(problem)
      show({ isBusy: false, problem: words })
      if (now.current.onProblem) now.current.onProblem(words, problem)
      else toast({ text: words, tone: 'bad' })
      return undefined
    }
  }, [])
  return { run, ...state }
}
