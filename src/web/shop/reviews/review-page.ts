import type { Client, Review, ReviewSummary } from '../../../client/index.ts'
import { numbered, type ProductPage } from '../products.ts'

const REVIEWS_SHOWN = 10

export const ORDERS = {
  newest: { label: 'Newest', sort: '-createdAt' },
  best: { label: 'Most stars', sort: '-rating' },
  worst: { label: 'Fewest stars', sort: 'rating' },
} as const
export type Order = keyof typeof ORDERS

/** What of the reviews is looked at: all of it stands in the address. */
export interface ReviewView {
  page: number
  order: Order
  isHidden: boolean
}

export interface ReviewPage extends ProductPage<Review> {
  summary: ReviewSummary
  own: Review | null
  mayReview: boolean
}

/** Of the query of an address. What makes no sense there asks for nothing. */
export function viewOf({ reviews = '', order = '', hidden }: Readonly<Record<string, string>>): ReviewView {
  return {
    page: /^[1-9]\d{0,3}$/.test(reviews) ? Number(reviews) : 1,
    order: (Object.keys(ORDERS) as Order[]).find((one) => one === order) ?? 'newest',
    isHidden: hidden === 'yes',
  }
}

/** @throws ApiError, with 404 where reviews are not switched on */
export async function readReviews(
  client: Client,
  productId: string,
  { page, order, isHidden }: ReviewView,
  signal: AbortSignal,
): Promise<ReviewPage> {
  const state = isHidden ? 'hidden' : 'visible'
  const query = { page, limit: REVIEWS_SHOWN, sort: ORDERS[order].sort, state } as const
  const answer = await client.reviews.list(productId, query, { signal })
  if (!hasSummary(answer.meta)) throw new TypeError('Reviews came without what they amount to')
  const { summary, own, mayReview } = answer.meta
  return { ...(await numbered(Promise.resolve({ data: answer.data, meta: answer.meta }))), summary, own, mayReview }
}

function hasSummary(meta: object): meta is Pick<ReviewPage, 'summary' | 'own' | 'mayReview'> {
  return 'summary' in meta && 'own' in meta && 'mayReview' in meta
}

/** Names its version: a change of another one is refused. */
export const tagOf = ({ version }: Review): string => `"${version}"`

/** How many of all have given so many stars, the most stars first, each with its part of all in percent. */
export function starRows({ stars, count }: ReviewSummary): { stars: number; count: number; percent: number }[] {
  return ([5, 4, 3, 2, 1] as const).map((given) => {
    return { stars: given, count: stars[given], percent: count === 0 ? 0 : Math.round((100 * stars[given]) / count) }
  })
}

export const starWords = (stars: number): string => (stars === 1 ? '1 star' : `${stars} stars`)
