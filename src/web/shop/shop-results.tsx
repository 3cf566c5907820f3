import { Button } from '../components/button.tsx'
import { ErrorState } from '../components/error-state.tsx'
import { Icon } from '../components/icon.tsx'
import { Notice } from '../components/notice.tsx'
import { passFocusOn } from '../components/pass-focus.ts'
import { ADDRESSES, followInside, navigate } from '../route.ts'
import { ProductGrid, SkeletonCards } from './product-card.tsx'
import { type Chip, type ShopFilters, shopHref, withoutChoices } from './shop-filters.ts'
import type { Shop } from './use-shop.ts'

/** The products, or what stands in their place. */
export function Results({ shop, filters, chips }: { shop: Shop; filters: ShopFilters; chips: readonly Chip[] }) {
  const { data, isLoading, problem, reload } = shop.products
  if (problem) return <ErrorState problem={problem} onRetry={reload} />
  if (!data) return <SkeletonCards count={8} />
  if (data.items.length > 0) return <ProductGrid items={data.items} label="Products" isStale={isLoading} />
  if (shop.isUnknownCategory) return <UnknownCategory />
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

function UnknownCategory() {
  return (
    <Notice title="There is no such category" withMark testId="unknown-category">
      <p>It may have been given another name, or the address is mistyped.</p>
      <a class="button button-primary" href={ADDRESSES.shop} onClick={followInside}>
        To the shop
      </a>
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

/** What is chosen, each with the way to take it back. */
export function Chips({ chips, filters }: { chips: readonly Chip[]; filters: ShopFilters }) {
  if (chips.length === 0) return null
  return (
    <ul class="chips" aria-label="Chosen filters" data-testid="chips">
      {chips.map(({ key, label, href }) => (
        <li key={key}>
          <a class="shop-chip" href={href} onClick={followAndPass} aria-label={`Remove filter ${label}`}>
            {label}
            <Icon name="close" />
          </a>
        </li>
      ))}
      <li>
        <a
          class="shop-chip shop-chip-clear"
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
