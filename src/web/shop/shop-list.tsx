import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { ErrorState } from '../components/error-state.tsx'
import { Icon } from '../components/icon.tsx'
import { Notice } from '../components/notice.tsx'
import { PageFrame } from '../components/page-frame.tsx'
import { Pager } from '../components/pager.tsx'
import { passFocusOn } from '../components/pass-focus.ts'
import { SearchField } from '../components/search-field.tsx'
import { Select } from '../components/select.tsx'
import { followInside, navigate, replace, route } from '../route.ts'
import { useStore } from '../store.ts'
import { FacetPanel } from './facet-panel.tsx'
import { rememberList } from './last-list.ts'
import { ProductGrid, SkeletonCards } from './product-card.tsx'
import {
  type Chip,
  chipsOf,
  filtersOf,
  PAGE_SIZE,
  type ShopFilters,
  SORTS,
  type Sort,
  shopHref,
  withoutChoices,
} from './shop-filters.ts'
import { type Shop, useShop } from './use-shop.ts'

const PAUSE_MS = 250
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

function Results({ shop, filters, chips }: { shop: Shop; filters: ShopFilters; chips: readonly Chip[] }) {
  const { data, isLoading, problem, reload } = shop.products
  if (problem) return <ErrorState problem={problem} onRetry={reload} />
  if (!data) return <SkeletonCards count={8} />
  if (data.items.length > 0) return <ProductGrid items={data.items} label="Products" isStale={isLoading} />
  return (
    <Notice
      title={filters.q === '' ? 'Nothing here yet' : `Nothing found for “${filters.q}”`}
      withMark
      testId="no-products"
    >
      {filters.page > 1 ? (
        <>
          <p>The list is shorter than that.</p>
          <a class="button button-primary" href={shopHref(filters)} onClick={followInside}>
            To the first page
          </a>
        </>
      ) : (
        <Loosen filters={filters} chips={chips} />
      )}
    </Notice>
  )
}

/** What stands in the way, each with the way to be rid of it. */
function Loosen({ filters, chips }: { filters: ShopFilters; chips: readonly Chip[] }) {
  if (chips.length === 0) {
    return filters.q === '' ? (
      <p>As soon as something is for sale it stands here.</p>
    ) : (
      <>
        <p>Try fewer words, or another way to say it.</p>
        <Button
          kind="primary"
          onPress={() => navigate(shopHref(withoutChoices({ ...filters, q: '' })))}
          testId="loosen-q"
        >
          Show everything
        </Button>
      </>
    )
  }
  return (
    <>
      <p>There may be more without one of these:</p>
      <ul class="chips">
        {chips.map((chip) => (
          <li key={chip.key}>
            <a class="button button-plain" href={chip.href} onClick={followAndPass} data-testid={`loosen-${chip.key}`}>
              Without {chip.label}
            </a>
          </li>
        ))}
      </ul>
      <a class="button button-primary" href={shopHref(withoutChoices(filters))} onClick={followInside}>
        Without all filters
      </a>
    </>
  )
}

/** What is pressed goes with the choice that it takes back, and the focus must not go with it. */
function followAndPass(event: MouseEvent & { currentTarget: HTMLAnchorElement }): void {
  const pass = passFocusOn(event.currentTarget.closest('li'))
  if (followInside(event)) pass()
}

function Chips({ chips, filters }: { chips: readonly Chip[]; filters: ShopFilters }) {
  if (chips.length === 0) return null
  return (
    <ul class="chips" aria-label="Chosen filters" data-testid="chips">
      {chips.map(({ key, label, href }) => (
        <li key={key}>
          <a class="chip" href={href} onClick={followAndPass} aria-label={`Remove filter ${label}`}>
            {label}
            <Icon name="close" />
          </a>
        </li>
      ))}
      <li>
        <a
          class="chip chip-clear"
          href={shopHref(withoutChoices(filters))}
          onClick={followAndPass}
          data-testid="clear-filters"
        >
          Clear all
        </a>
      </li>
    </ul>
  )
}

/** The address follows what is typed when the typing rests; what comes from the address is shown in the field. */
function ShopSearch({ filters }: { filters: ShopFilters }) {
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
