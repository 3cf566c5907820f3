import { productOf, route } from '../route.ts'
import { useStore } from '../store.ts'
import { ProductView } from './product-view.tsx'
import { ShopList } from './shop-list.tsx'

/** The shop, and each thing in it. */
export function ShopPage() {
  const slug = productOf(useStore(route).path)
  return slug === null ? <ShopList /> : <ProductView key={slug} slug={slug} />
}
