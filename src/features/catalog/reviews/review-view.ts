import { isoTime } from '../../../platform/clock.ts'
import { sha256Hex } from '../../../platform/security/encoding.ts'
import type { ReviewedProduct, ReviewRow } from './queries.ts'
import type { Review, ReviewSummary } from './schemas.ts'

const HUNDREDTHS = 100

export function toReview(row: ReviewRow): Review {
  const { id, productId, userId, username, avatar, rating, text, state, hiddenReason, version } = row
  return {
    ...{ id, productId, rating, text, version, hiddenReason },
    author: userId === null || username === null ? null : { id: userId, username, avatar },
    isHidden: state === 'hidden',
    createdAt: isoTime(row.createdAt),
    updatedAt: isoTime(row.updatedAt),
  }
}

/** Which version of a review this is, and by which name its author stands in it: what its `ETag` tells. */
export async function shownOf({ version, author }: Review): Promise<{ version: number; view: string }> {
  return { version, view: (await sha256Hex(JSON.stringify(author))).slice(0, 8) }
}

export function summaryOf({ rating, ratingCount, starCounts }: ReviewedProduct): ReviewSummary {
  const [one, two, three, four, five] = starCounts
  return {
    average: ratingCount === 0 ? null : rating / HUNDREDTHS,
    count: ratingCount,
    stars: { 1: one, 2: two, 3: three, 4: four, 5: five },
  }
}
