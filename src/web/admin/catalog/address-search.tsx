import { useEffect, useState } from 'preact/hooks'
import { SearchField } from '../../components/search-field.tsx'
import { hrefWith, replace, route } from '../../route.ts'
import { useStore } from '../../store.ts'

const PAUSE_MS = 250

/** What is searched for stands in the address as `q`, when the typing rests. */
export function AddressSearch({ label, placeholder, testId }: { label: string; placeholder: string; testId: string }) {
  const { q = '' } = useStore(route).query
  const [text, setText] = useState(q)
  useEffect(() => {
    // A space that is typed on the way to the next word stays.
    setText((now) => (now.trim() === q ? now : q))
  }, [q])
  useEffect(() => {
    const wanted = text.trim()
    if (wanted === q) return
    const timer = setTimeout(() => replace(hrefWith({ q: wanted || null, page: null })), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return <SearchField label={label} value={text} onInput={setText} placeholder={placeholder} testId={testId} />
}
