import { route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { CatalogList } from './catalog-list.tsx'
import { ProductEditor } from './product-editor.tsx'

/** What is for sale, for those who look after it. */
export function CatalogPage() {
  const { product } = useStore(route).query
  return product === undefined ? <CatalogList /> : <ProductEditor key={product} id={product} />
}
