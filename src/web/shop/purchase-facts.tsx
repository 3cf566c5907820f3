import type { Product } from '../../client/index.ts'
import { Choice } from '../components/choice.tsx'
import { hrefOf, productHref, replace, route } from '../route.ts'
import { useStore } from '../store.ts'
import { Price, Stock } from './product-facts.tsx'
import { attributesOf, variantWith } from './variants.ts'

/** What it costs in the form that is chosen, and whether it is there. The form stands in the address. */
export function PurchaseFacts({ product }: { product: Product }) {
  const { variants, slug, price, compareAtPrice, currency, stock } = product
  const wanted = useStore(route).query.variant
  const variant = variants.find(({ sku }) => sku === wanted) ?? variants[0]
  const choose = (name: string, value: string) => {
    const next = variantWith(variants, variant?.attributes ?? {}, name, value)
    if (next) replace(hrefOf(productHref(slug), { variant: next.sku }))
  }
  return (
    <>
      <p class="product-price" role="status">
        <Price price={variant?.price ?? price} compareAtPrice={compareAtPrice} currency={currency} />
        <Stock stock={stock} />
      </p>
      {attributesOf(variants).map(({ name, values }) => (
        <Choice
          key={name}
          label={titleOf(name)}
          options={values.map((value) => ({ value, label: value }))}
          value={variant?.attributes[name] ?? ''}
          onChange={(value) => choose(name, value)}
          testId={`variant-${name}`}
        />
      ))}
      <p class="product-sku">
        Article <code data-testid="sku">{variant?.sku ?? product.sku}</code>
      </p>
    </>
  )
}

/** `sleeve length` as `Sleeve length`. */
export function titleOf(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}
