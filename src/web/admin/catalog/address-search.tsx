import { SearchField } from '../../components/search-field.tsx'
import { useTypedQuery } from '../../components/use-typed-query.ts'
import { hrefWith, replace, route } from '../../route.ts'
import { useStore } from '../../store.ts'

/** What is searched for stands in the address as `q`, when the typing rests. */
export function AddressSearch({ label, placeholder, testId }: { label: string; placeholder: string; testId: string }) {
  const { q = '' } = useStore(route).query
  const [text, setText] = useTypedQuery(q, (wanted) => replace(hrefWith({ q: wanted || null, page: null })))
  return <SearchField label={label} value={text} onInput={setText} placeholder={placeholder} testId={testId} />
}
