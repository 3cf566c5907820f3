import * as z from 'zod'
import { defineEvent } from '../../../platform/events.ts'

/** Ids alone: what it says is asked for. Its version is its sequence, and a deleted one has the next. */
const ReviewFact = z.strictObject({ reviewId: z.uuid(), productId: z.uuid(), version: z.int() })

export const ReviewWritten = defineEvent('review.written', 'review', ReviewFact)
export const ReviewChanged = defineEvent('review.changed', 'review', ReviewFact)
export const ReviewDeleted = defineEvent('review.deleted', 'review', ReviewFact)
export const ReviewHidden = defineEvent('review.hidden', 'review', ReviewFact)
export const ReviewRestored = defineEvent('review.restored', 'review', ReviewFact)
