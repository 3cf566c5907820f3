import type { ListDefinition } from '../../../platform/lists/list-definition.ts'
import { reviews } from './tables.ts'

/** The reviews of one product: it is always asked with the product and the state, so indexes have all of it (decision 29). */
export const REVIEW_LIST: ListDefinition = {
  name: 'reviews',
  table: reviews,
  place: reviews.seq,
  id: reviews.id,
  time: { field: 'createdAt', column: reviews.createdAt },
  fields: { product: reviews.productId, state: reviews.state, rating: reviews.rating },
  sorts: { rating: reviews.rating },
  trees: [
    { name: 'reviews_by_product', equal: ['product', 'state'], sort: 'createdAt' },
    { name: 'reviews_by_stars', equal: ['product', 'state', 'rating'], sort: 'createdAt' },
    { name: 'reviews_by_rating', equal: ['product', 'state'], sort: 'rating' },
  ],
  words: [],
}
