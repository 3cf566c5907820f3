import { useEffect, useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { hrefWith, replace } from '../../route.ts'

const PAUSE_MS = 350

interface TextFilterProps {
  label: string
  /** Of the address' query. */
  name: string
  value: string | undefined
  maxLength: number
}

/** A part of the address that is typed: it is asked for when the typing rests. */
export function TextFilter({ label, name, value = '', maxLength }: TextFilterProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    const wanted = text.trim()
    if (wanted === value) return
    const timer = setTimeout(() => replace(hrefWith({ [name]: wanted || null })), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <Field
      label={label}
      name={name}
      isCode
      value={text}
      onInput={setText}
      maxLength={maxLength}
      testId={`audit-${name}`}
    />
  )
}
