import { ApiError, type Product } from '../../client/index.ts'
import { client } from '../client.ts'
import { ErrorState } from '../components/error-state.tsx'
import { Notice } from '../components/notice.tsx'
import { PageFrame } from '../components/page-frame.tsx'
import { useLoad } from '../components/use-load.ts'
import { ADDRESSES, catalogHref, followInside } from '../route.ts'
import { Gallery } from './gallery.tsx'
import { lastList } from './last-list.ts'
import { ProductDetails } from './product-details.tsx'
import { Rating } from './product-facts.tsx'
import { tagged } from './products.ts'
import { PurchaseFacts } from './purchase-facts.tsx'
import { ReviewsSection } from './reviews/reviews-section.tsx'
import { NO_FILTERS, shopHref } from './shop-filters.ts'

const back = () => ({ href: lastList(), label: 'Back to the shop' })

/** One product. */
export function ProductView({ slug }: { slug: string }) {
  const { data, status, problem, reload } = useLoad((signal) => tagged(client.products.get(slug, { signal })), [slug])
  if (data) return <Shown product={data.product} />
  if (status !== 'failed') {
    return (
      <PageFrame title="Product" back={back()}>
        <ProductSkeleton />
      </PageFrame>
    )
  }
  const isMissing = problem instanceof ApiError && [400, 404].includes(problem.status)
  return (
    <PageFrame title={isMissing ? 'Not in the shop' : 'Product'} back={back()}>
      {isMissing ? (
        <Notice title="There is no such product" withMark level={2} testId="unknown-product">
          <p>It may have been taken out of the shop, or the address is mistyped.</p>
          <a class="button button-primary" href={ADDRESSES.shop} onClick={followInside}>
            To the shop
          </a>
        </Notice>
      ) : (
        <ErrorState problem={problem} onRetry={reload} />
      )}
    </PageFrame>
  )
}

function Shown({ product }: { product: Product }) {
  const { id, name, brand, state, tags } = product
  // A state is told to those alone who may change it.
  const isStaff = state !== undefined
  return (
    <PageFrame
      title={name}
      about={
        brand && (
          <a class="inline-link" href={shopHref(NO_FILTERS, { brand })} onClick={followInside}>
            {brand}
          </a>
        )
      }
      back={back()}
      actions={
        isStaff && (
          <a class="button button-plain" href={catalogHref(id)} onClick={followInside} data-testid="edit-product">
            Edit
          </a>
        )
      }
    >
      {isStaff && state !== 'published' && (
        <p class="note" data-testid="unpublished">
          {state === 'draft' ? 'This is a draft' : 'This is archived'}: nobody else sees it in the shop.
        </p>
      )}
      <div class="product" data-testid="product">
        <Gallery product={product} />
        <div class="product-side">
          <Rating {...product} />
          <PurchaseFacts product={product} />
          {tags.length > 0 && (
            <ul class="chips" aria-label="Tags">
              {tags.map((tag) => (
                <li key={tag}>
                  <a
                    class="shop-chip shop-chip-tag"
                    href={shopHref(NO_FILTERS, { tags: [tag] })}
                    onClick={followInside}
                  >
                    {tag}
                  </a>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
      <ProductDetails product={product} />
      <ReviewsSection productId={id} />
    </PageFrame>
  )
}

function ProductSkeleton() {
  return (
    <div class="product" role="status">
      <span class="visually-hidden">Loading the product</span>
      <span class="picture skeleton" />
      <div class="product-side">
        <span class="skeleton skeleton-short" />
        <span class="skeleton" />
        <span class="skeleton" />
      </div>
    </div>
  )
}
