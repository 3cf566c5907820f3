import * as z from 'zod'
import { Id } from '../../platform/id-schema.ts'
import { STORED_CHARACTERS } from '../../platform/text.ts'

const MOST_PERCENT = 1_000

/** Which products: all of one category itself, or of one brand. */
const Which = z
  .union([
    z.strictObject({ categoryId: Id }),
    z.strictObject({ brand: z.string().min(1).max(100).regex(STORED_CHARACTERS) }),
  ])
  .meta({ examples: [{ brand: 'Northlight' }] })

/**
 * What is done to all of them. Prices change by whole percents of what they are, in whole minor units, half a unit
 * rounded up; what is archived stays as it is, and only drafts are published.
 */
export const ProcessProductsBody = z
  .discriminatedUnion('action', [
    z.strictObject({
      action: z.literal('change-price'),
      percent: z.int().min(-100).max(MOST_PERCENT),
      products: Which,
    }),
    z.strictObject({ action: z.literal('publish'), products: Which }),
    z.strictObject({ action: z.literal('archive'), products: Which }),
  ])
  .meta({ id: 'ProcessProductsBody' })
export type ProcessProductsBody = z.output<typeof ProcessProductsBody>
