import type { FoundProduct, ProductItem } from '../../client/index.ts'
import { followInside, productHref } from '../route.ts'
import { Price, Rating, Stock } from './product-facts.tsx'
import { ProductPicture } from './product-picture.tsx'

/** Found by its words, it has them marked. */
type Shown = ProductItem & Partial<Pick<FoundProduct, 'nameExcerpt'>>

const EAGER = 4

export function ProductGrid({ items, label, isStale }: { items: readonly Shown[]; label: string; isStale: boolean }) {
  return (
    <ul class="product-grid" aria-label={label} aria-busy={isStale || undefined} data-testid="products">
      {items.map((item, at) => (
        <li key={item.id}>
          <ProductCard item={item} isFirst={at < EAGER} />
        </li>
      ))}
    </ul>
  )
}

function ProductCard({ item, isFirst }: { item: Shown; isFirst: boolean }) {
  const { id, slug, name, brand, images, nameExcerpt } = item
  return (
    <article class="product-card" data-testid="product-card" data-slug={slug}>
      <ProductPicture id={id} url={images[0]?.url} alt="" isFirst={isFirst} />
      <div class="product-card-text">
        {brand && <p class="product-brand">{brand}</p>}
        <h2>
          <a href={productHref(slug)} onClick={followInside}>
            {nameExcerpt
              ? nameExcerpt.map(({ text, isMatch }, at) => (isMatch ? <mark key={at}>{text}</mark> : text))
              : name}
          </a>
        </h2>
        <p class="product-line">
          <Price {...item} />
        </p>
        <p class="product-line product-small">
          <Stock stock={item.stock} />
          <Rating {...item} />
        </p>
      </div>
    </article>
  )
}

/** Cards in the shape of what is being loaded. */
export function SkeletonCards({ count }: { count: number }) {
  return (
    <div class="product-grid" aria-hidden="true">
      {Array.from({ length: count }, (_, at) => (
        <div class="product-card" key={at}>
          <span class="picture skeleton" />
          <div class="product-card-text">
            <span class="skeleton skeleton-short" />
            <span class="skeleton" />
            <span class="skeleton skeleton-short" />
          </div>
        </div>
      ))}
    </div>
  )
}
