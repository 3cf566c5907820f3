import * as z from 'zod'
import type { Page } from '../../platform/cursor.ts'
import { Id } from '../../platform/id-schema.ts'
import { type CountedPage, MAX_PLACE, type Paging } from '../../platform/paging.ts'
import { wholeNumber } from '../../platform/text.ts'
import type { CursorMeta, PageMeta } from '../envelope.ts'

const MAX_LIMIT = 100
const DEFAULT_LIMIT = 20

const TOO_FAR = 'Page x limit goes up to 10,000: go on with `cursor`, from `meta.nextCursor`'
const ONE_MODE = 'Use page or cursor, not both'

const Cursor = z.string().min(1).max(500).meta({ 'x-rule': 'A cursor that this list has answered' })

function limitOf(defaultLimit: number) {
  return wholeNumber.pipe(z.int().min(1).max(MAX_LIMIT)).default(defaultLimit)
}

/** The query of a list that is paged by cursor. */
export function cursorQuery(defaultLimit = DEFAULT_LIMIT) {
  return z.object({ cursor: Cursor.optional(), limit: limitOf(defaultLimit) })
}

/**
 * The query of a list that is paged by number or by cursor; without either it is the first page. Every page also
 * answers the cursor of the next one, so a client may change over at any time. Add fields with `safeExtend`.
 */
export function pagedQuery(defaultLimit = DEFAULT_LIMIT) {
  const page = z
    .int()
    .min(1)
    .max(MAX_PLACE, { error: TOO_FAR, abort: true })
    .meta({ 'x-rule': `${TOO_FAR}. ${ONE_MODE}` })
  return z
    .object({
      page: wholeNumber.pipe(page).optional(),
      cursor: Cursor.meta({ 'x-rule': `A cursor that this list has answered. ${ONE_MODE}` }).optional(),
      limit: limitOf(defaultLimit),
    })
    .refine((query) => query.page === undefined || query.cursor === undefined, { path: ['cursor'], error: ONE_MODE })
    .refine((query) => (query.page ?? 1) * query.limit <= MAX_PLACE, { path: ['page'], error: TOO_FAR })
}

const ONE_OF_THREE = 'Use page, cursor or after, one of them'
const NEEDS_AFTER = 'Goes with after'

/**
 * The query of a list that is paged in three ways: by number (the first page where nothing is said), by cursor, or after
 * the time and the id of the last item. It takes no parameter that is not in `shape`.
 */
export function modalQuery<S extends z.core.$ZodLooseShape>(shape: S, defaultLimit = DEFAULT_LIMIT) {
  const page = z
    .int()
    .min(1)
    .max(MAX_PLACE, { error: TOO_FAR, abort: true })
    .meta({ 'x-rule': `${TOO_FAR}. ${ONE_OF_THREE}`, description: 'The number of a page, from 1' })
  return z
    .strictObject({
      page: wholeNumber.pipe(page).optional(),
      cursor: Cursor.meta({
        'x-rule': `A cursor that this list has answered to this very query. ${ONE_OF_THREE}`,
      }).optional(),
      after: z.iso.datetime({ offset: true }).meta({ 'x-rule': ONE_OF_THREE }).optional(),
      afterId: Id.meta({ 'x-rule': NEEDS_AFTER }).optional(),
      limit: limitOf(defaultLimit).meta({ description: 'How many there are on a page' }),
      ...shape,
    })
    .superRefine((given, ctx) => {
      const query = given as Paging & { after?: string; afterId?: string }
      const complain = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message })
      const modes = (['page', 'cursor', 'after'] as const).filter((mode) => query[mode] !== undefined)
      for (const mode of modes.slice(1)) complain(mode, ONE_OF_THREE)
      if (query.afterId !== undefined && query.after === undefined) complain('afterId', NEEDS_AFTER)
      if ((query.page ?? 1) * query.limit > MAX_PLACE) complain('page', TOO_FAR)
    })
}

export function cursorMeta(page: Page<unknown>, limit: number): CursorMeta {
  return { limit, nextCursor: page.nextCursor, hasNextPage: page.nextCursor !== null }
}

/** For a page that was asked for with `pagedQuery`: its number and the total, where it was not asked for by cursor. */
export function pagedMeta(found: CountedPage<unknown>, { page = 1, limit }: Paging): CursorMeta | PageMeta {
  const meta = cursorMeta(found, limit)
  if (found.total === null) return meta
  const { total, isExact } = found.total
  return {
    ...meta,
    page,
    total,
    totalIsExact: isExact,
    totalPages: Math.ceil(total / limit),
    hasPrevPage: page > 1,
  }
}
