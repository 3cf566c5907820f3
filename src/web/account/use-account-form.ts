import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type FormProblems, NO_PROBLEMS, problemsOf } from './problems.ts'

interface AccountForm {
  ref: RefObject<HTMLFormElement | null>
  busy: boolean
  problems: FormProblems
  onSubmit: (event: Event) => void
}

/** Checks, sends, and shows what was wrong; focus goes to the first field that needs another look. */
export function useAccountForm<Name extends string>(
  names: readonly Name[],
  check: (values: Record<Name, string>) => Record<string, string>,
  send: (values: Record<Name, string>) => Promise<unknown>,
): AccountForm {
  const ref = useRef<HTMLFormElement>(null)
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState(NO_PROBLEMS)

  useLayoutEffect(() => {
    ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [problems])

  const submit = async (form: HTMLFormElement) => {
    const values = valuesOf(form, names)
    const fields = check(values)
    if (Object.keys(fields).length > 0) return setProblems({ form: null, fields })
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
    if (ref.current && !busy) void submit(ref.current)
  }
  return { ref, busy, problems, onSubmit }
}

function valuesOf<Name extends string>(form: HTMLFormElement, names: readonly Name[]): Record<Name, string> {
  const data = new FormData(form)
  const entries = names.map((name) => {
    const value = String(data.get(name) ?? '')
    return [name, name === 'password' ? value : value.trim()]
  })
  return Object.fromEntries(entries) as Record<Name, string>
}
