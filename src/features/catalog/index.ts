export { readProductBySlug, readProducts } from './read-for-services.ts'
export { isShown } from './shown-pages.ts'
