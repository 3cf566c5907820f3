import * as z from 'zod'
import { Id } from '../../../platform/id-schema.ts'
import { lineOfText, STORED_CHARACTERS } from '../../../platform/text.ts'

const MAX_CHARACTERS = 2_000

export const Review = z
  .object({
    id: z.uuid(),
    productId: z.uuid(),
    /** Null where the account is gone. */
    author: z.object({ id: z.uuid(), username: z.string(), avatar: z.string().nullable() }).nullable(),
    /** Stars, 1 to 5. */
    rating: z.int(),
    text: z.string(),
    /** A hidden one counts for nothing, and is shown to its author and to moderators. */
    isHidden: z.boolean(),
    hiddenReason: z.string().nullable(),
    /** Raised by each change: `If-Match` names it, in quotes. */
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Review' })
export type Review = z.output<typeof Review>

/** What those that are visible amount to. */
export const ReviewSummary = z
  .object({
    /** Stars, with two decimals; null while nobody has rated. */
    average: z.number().nullable(),
    count: z.int(),
    /** How many have given one star, two, and so on. */
    stars: z.object({ 1: z.int(), 2: z.int(), 3: z.int(), 4: z.int(), 5: z.int() }),
  })
  .meta({ id: 'ReviewSummary' })
export type ReviewSummary = z.output<typeof ReviewSummary>

/** What the meta of a page of reviews says besides. */
export const ReviewsMeta = {
  summary: ReviewSummary,
  /** The caller's own review of the product, also a hidden one. */
  own: Review.nullable(),
  /** Whether the caller may write one: an order has brought them the product, and they have none yet. */
  mayReview: z.boolean(),
}

const Rating = z.int().min(1).max(5)

const Text = z
  .string()
  .max(MAX_CHARACTERS)
  .regex(STORED_CHARACTERS, 'The text has a broken character')
  .regex(/\S/u, 'Write something')
  .trim()
  .meta({ minLength: 1 })

export const WriteReviewBody = z.strictObject({ rating: Rating, text: Text }).meta({ id: 'WriteReviewBody' })
export type WriteReviewBody = z.output<typeof WriteReviewBody>

/** What is left out stays as it is. */
export const ChangeReviewBody = z
  .strictObject({ rating: Rating.optional(), text: Text.optional() })
  .meta({ id: 'ChangeReviewBody' })
export type ChangeReviewBody = z.output<typeof ChangeReviewBody>

export const JudgeReviewBody = z
  .strictObject({ reason: lineOfText({ min: 3, max: 500 }) })
  .meta({ id: 'JudgeReviewBody' })

export const ReviewId = z.object({ id: Id, reviewId: Id })

/** An order has brought somebody a product: told by the orders, as often as they like. */
export const RecordDelivery = z.strictObject({
  userId: z.uuid(),
  orderId: z.uuid(),
  productIds: z.array(z.uuid()).min(1).max(100),
  /** Milliseconds. */
  deliveredAt: z.int().min(0),
})
export type RecordDelivery = z.output<typeof RecordDelivery>

export const AskPerson = z.strictObject({ userId: z.uuid() })
export type AskPerson = z.output<typeof AskPerson>

export const AskReviewer = AskPerson.extend({ limit: z.int().min(1).max(1_000) })
export type AskReviewer = z.output<typeof AskReviewer>

/** A review as its author takes it away. */
export type PersonReview = Pick<Review, 'productId' | 'rating' | 'text' | 'hiddenReason' | 'createdAt' | 'updatedAt'>
