import { z } from 'zod'
import type { Page } from '../../platform/cursor.ts'
import { wholeNumber } from '../../platform/text.ts'
import type { CursorMeta } from '../envelope.ts'

const MAX_LIMIT = 100
const DEFAULT_LIMIT = 20

/** The query of a list that is paged by cursor. */
export function cursorQuery(defaultLimit = DEFAULT_LIMIT) {
  return z.object({
    cursor: z.string().min(1).max(500).meta({ 'x-rule': 'A cursor that this list has answered' }).optional(),
    limit: wholeNumber.pipe(z.int().min(1).max(MAX_LIMIT)).default(defaultLimit),
  })
}

export function cursorMeta(page: Page<unknown>, limit: number): CursorMeta {
  return { limit, nextCursor: page.nextCursor, hasNextPage: page.nextCursor !== null }
}
