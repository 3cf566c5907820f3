import { SearchField } from '../components/search-field.tsx'
import { useTypedQuery } from '../components/use-typed-query.ts'
import { replace, route } from '../route.ts'
import { filtersOf, type ShopFilters, type Sort, shopHref } from './shop-filters.ts'

/** The address follows what is typed when the typing rests; what comes from the address is shown in the field. */
export function ShopSearch({ filters }: { filters: ShopFilters }) {
  const [text, setText] = useTypedQuery(filters.q, (wanted) => {
    // As it is by then: a filter may have been chosen meanwhile.
    const now = filtersOf(route.value.query)
    replace(shopHref({ ...now, sort: sortAnew(now, wanted) }, { q: wanted }))
  })
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
