import type { Product } from '../../client/index.ts'
import { client } from '../client.ts'
import { PageSection } from '../components/page-frame.tsx'
import { useLatest } from '../components/use-latest.ts'
import { followInside } from '../route.ts'
import { pathWords } from './category-tree.ts'
import { titleOf } from './purchase-facts.tsx'
import { NO_FILTERS, shopHref } from './shop-filters.ts'

const whole = new Intl.NumberFormat()

/** What there is to read about it. */
export function ProductDetails({ product }: { product: Product }) {
  const { description, attributes, weightGrams, category } = product
  const tree = useLatest((signal) => client.categories.tree({ signal }), [])
  const rows: [string, string][] = [
    ...Object.entries(attributes),
    ...(weightGrams === null ? [] : [['Weight', weightOf(weightGrams)] as [string, string]]),
  ]
  return (
    <>
      {description !== '' && (
        <PageSection title="Description">
          <p class="product-description">{description}</p>
        </PageSection>
      )}
      {(rows.length > 0 || category) && (
        <PageSection title="Details">
          <table class="attributes" data-testid="attributes">
            <caption class="visually-hidden">Details</caption>
            <tbody>
              {category && (
                <tr>
                  <th scope="row">Category</th>
                  <td>
                    <a class="inline-link" href={shopHref(NO_FILTERS, { category })} onClick={followInside}>
                      {pathWords(tree.data ?? [], category)}
                    </a>
                  </td>
                </tr>
              )}
              {rows.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{titleOf(name)}</th>
                  <td>{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </PageSection>
      )}
    </>
  )
}

function weightOf(grams: number): string {
  return grams < 1_000 ? `${whole.format(grams)} g` : `${whole.format(grams / 1_000)} kg`
}
