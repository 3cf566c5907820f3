import { useEffect, useState } from 'preact/hooks'
import { SearchField } from '../components/search-field.tsx'
import { replace, route } from '../route.ts'
import { filtersOf, type ShopFilters, type Sort, shopHref } from './shop-filters.ts'

const PAUSE_MS = 250

/** The address follows what is typed when the typing rests; what comes from the address is shown in the field. */
export function ShopSearch({ filters }: { filters: ShopFilters }) {
  const { q } = filters
  const [text, setText] = useState(q)
  useEffect(() => {
    // A space that is typed on the way to the next word stays.
    setText((now) => (now.trim() === q ? now : q))
  }, [q])
  useEffect(() => {
    const wanted = text.trim()
    if (wanted === q) return
    const timer = setTimeout(() => {
      // As it is by then: a filter may have been chosen meanwhile.
      const now = filtersOf(route.value.query)
      replace(shopHref({ ...now, sort: sortAnew(now, wanted) }, { q: wanted }))
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <SearchField
      label="Search the shop"
      value={text}
      onInput={setText}
      placeholder="What are you looking for?"
      testId="shop-search"
    />
  )
}

/** A search begins with what fits best, and ends with the newest, unless somebody has chosen an order. */
function sortAnew({ q, sort }: ShopFilters, wanted: string): Sort {
  if (wanted === '') return sort === 'best' ? 'newest' : sort
  return q === '' && sort === 'newest' ? 'best' : sort
}
