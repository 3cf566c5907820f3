import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type FormProblems, NO_PROBLEMS, problemsOf } from './problems.ts'
import { useCountdown } from './use-countdown.ts'

export interface AccountForm {
  ref: RefObject<HTMLFormElement | null>
  isBusy: boolean
  problems: FormProblems
  /** Seconds until another try can help. */
  waitSeconds: number
  onSubmit: (event: Event) => void
}

/** Checks, sends, and shows what was wrong; focus goes to the first field that needs another look. */
export function useAccountForm<Name extends string>(
  names: readonly Name[],
  check: (values: Record<Name, string>) => Record<string, string>,
  send: (values: Record<Name, string>) => Promise<unknown>,
): AccountForm {
  const ref = useRef<HTMLFormElement>(null)
  const [isBusy, setBusy] = useState(false)
  const [problems, setProblems] = useState(NO_PROBLEMS)
  const waitSeconds = useCountdown(problems.waitSeconds, problems)

  useLayoutEffect(() => {
    ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [problems])

  const submit = async (form: HTMLFormElement) => {
    const values = valuesOf(form, names)
    const fields = check(values)
    if (Object.keys(fields).length > 0) return setProblems({ ...NO_PROBLEMS, fields })
    setBusy(true)
    setProblems(NO_PROBLEMS)
    try {
      await send(values)
    } catch (error) {
      setProblems(problemsOf(error, names))
    }
    setBusy(false)
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    if (ref.current && !isBusy && waitSeconds === 0) void submit(ref.current)
  }
  return { ref, isBusy, problems, waitSeconds, onSubmit }
}

/** What the form holds; white space around it is dropped, but for passwords. */
export function valuesOf<Name extends string>(form: HTMLFormElement, names: readonly Name[]): Record<Name, string> {
  const data = new FormData(form)
  const entries = names.map((name) => {
    const value = String(data.get(name) ?? '')
    return [name, /password$/i.test(name) ? value : value.trim()]
  })
  return Object.fromEntries(entries) as Record<Name, string>
}
