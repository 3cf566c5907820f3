import { ADDRESSES, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { CatalogList } from './catalog-list.tsx'
import { CategoriesPage } from './categories/categories-page.tsx'
import { ProductEditor } from './product-editor.tsx'

/** What is for sale, for those who look after it. */
export function CatalogPage() {
  const { path, query } = useStore(route)
  if (path === ADDRESSES.adminCategories) return <CategoriesPage />
  return query.product === undefined ? <CatalogList /> : <ProductEditor key={query.product} id={query.product} />
}
