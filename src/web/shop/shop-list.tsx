import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../components/icon.tsx'
import { PageFrame } from '../components/page-frame.tsx'
import { Pager } from '../components/pager.tsx'
import { Select } from '../components/select.tsx'
import { replace, route } from '../route.ts'
import { useStore } from '../store.ts'
import { FacetPanel } from './facet-panel.tsx'
import { rememberList } from './last-list.ts'
import { chipsOf, filtersOf, PAGE_SIZE, type ShopFilters, SORTS, type Sort, shopHref } from './shop-filters.ts'
import { Chips, Results } from './shop-results.tsx'
import { ShopSearch } from './shop-search.tsx'
import { type Shop, useShop } from './use-shop.ts'

const whole = new Intl.NumberFormat()

/** Everything that is sold, and the ways to narrow it. */
export function ShopList() {
  const filters = filtersOf(useStore(route).query)
  const shop = useShop(filters)
  const chips = chipsOf(filters, shop)
  rememberList(shopHref(filters, { page: filters.page }))
  const [isOpen, setOpen] = useState(false)
  const { data } = shop.products
  const results = useRef<HTMLElement>(null)
  const turned = useRef(filters.page)
  useEffect(() => {
    if (turned.current === filters.page) return
    turned.current = filters.page
    // Another page is read from its beginning, and what was pressed may be gone.
    results.current?.focus({ preventScroll: true })
    results.current?.scrollIntoView()
  }, [filters.page])
  return (
    <PageFrame title="Shop">
      <div class="shop-bar">
        <ShopSearch filters={filters} />
        <Select
          label="Sort by"
          options={sortsFor(filters)}
          value={filters.sort}
          onChange={(sort) => replace(shopHref(filters, { sort }))}
          testId="shop-sort"
        />
        <button
          type="button"
          class="button button-plain shop-filters-button"
          aria-expanded={isOpen}
          aria-controls="shop-filters"
          onClick={() => setOpen(!isOpen)}
          data-testid="shop-filters-button"
        >
          <Icon name="filter" />
          Filters
          {chips.length > 0 && ` (${chips.length})`}
        </button>
      </div>
      <div class="shop">
        <section class="shop-filters" id="shop-filters" aria-label="Filters" data-open={isOpen}>
          <FacetPanel groups={shop.groups} />
        </section>
        <section class="shop-results" aria-label="Products" ref={results} tabIndex={-1}>
          <div class="shop-head">
            {/* Always there: what changes in it is read. */}
            <p class="shop-count" role="status" data-testid="shop-count">
              {countWords(shop, filters)}
            </p>
            <Chips chips={chips} filters={filters} />
          </div>
          <Results shop={shop} filters={filters} chips={chips} />
          {data && data.items.length > 0 && (
            <Pager
              label="Pages of products"
              page={data.page}
              totalPages={data.totalPages}
              hasNext={data.hasNextPage}
              hrefOf={(page) => shopHref(filters, { page })}
              testId="shop-pages"
            />
          )}
        </section>
      </div>
    </PageFrame>
  )
}

function sortsFor({ q }: ShopFilters): { value: Sort; label: string }[] {
  const offered = (Object.keys(SORTS) as Sort[]).filter((sort) => sort !== 'best' || q !== '')
  return offered.map((value) => ({ value, label: SORTS[value] }))
}

function countWords({ products: { data, isLoading, problem } }: Shop, { page }: ShopFilters): string {
  if (problem) return 'The products did not come'
  if (!data) return isLoading ? 'Looking for products' : ''
  const { total, totalIsExact, items } = data
  const all = `${whole.format(total)}${totalIsExact ? '' : ' or more'} ${total === 1 ? 'product' : 'products'}`
  if (items.length === 0) return 'No products'
  const first = (page - 1) * PAGE_SIZE + 1
  return data.page === 1 && !data.hasNextPage
    ? all
    : `${whole.format(first)} to ${whole.format(first + items.length - 1)} of ${all}`
}
