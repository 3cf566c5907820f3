import type { ProductItem, ProductState } from '../../../client/index.ts'
import type { Column } from '../../components/table.tsx'
import { catalogHref, followInside } from '../../route.ts'
import { formatMoney } from '../../shop/money.ts'
import { ProductPicture } from '../../shop/product-picture.tsx'
import { listTime } from '../../times.ts'
import { State } from '../facts.tsx'
import { formatCount } from '../formats.ts'

export const STATE_NAMES: Record<ProductState, string> = {
  draft: 'Draft',
  published: 'Published',
  archived: 'Archived',
}
const STATE_TONES = { draft: 'wait', published: 'good', archived: 'plain' } as const

export function ProductStateWord({ state }: { state: ProductState | undefined }) {
  return state ? <State tone={STATE_TONES[state]}>{STATE_NAMES[state]}</State> : null
}

/** What the list says of a product, and the box by which it is chosen. */
export function columnsOf(
  chosen: ReadonlySet<string>,
  choose: (id: string, isChosen: boolean) => void,
): Column<ProductItem>[] {
  return [
    {
      key: 'name',
      title: 'Product',
      width: '40%',
      render: ({ id, name, sku, images }) => (
        <div class="catalog-name">
          <input
            type="checkbox"
            class="checkbox"
            aria-label={`Choose ${name}`}
            checked={chosen.has(id)}
            onChange={({ currentTarget }) => choose(id, currentTarget.checked)}
            data-testid="choose"
          />
          <span class="catalog-picture">
            <ProductPicture id={id} url={images[0]?.url} alt="" />
          </span>
          <a class="person-link" href={catalogHref(id)} onClick={followInside} data-testid="catalog-row">
            <span>
              <strong>{name}</strong>
              <span>{sku}</span>
            </span>
          </a>
        </div>
      ),
    },
    { key: 'price', title: 'Price', isNumber: true, render: ({ price, currency }) => formatMoney(price, currency) },
    { key: 'stock', title: 'Stock', isNumber: true, render: ({ stock }) => formatCount(stock) },
    { key: 'state', title: 'State', isShort: true, render: ({ state }) => <ProductStateWord state={state} /> },
    {
      key: 'changed',
      title: 'Changed',
      isShort: true,
      render: ({ updatedAt }) => <time dateTime={updatedAt}>{listTime(updatedAt)}</time>,
    },
  ]
}
