export { readProductBySlug, readProducts } from './read-for-services.ts'
export { forgetPerson, listPersonReviews, recordDelivery } from './reviews/serve-others.ts'
export { isShown } from './shown-pages.ts'
