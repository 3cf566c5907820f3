export { readProductBySlug, readProducts } from './read-for-services.ts'
