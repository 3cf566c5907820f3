import type { Context, TypedResponse } from 'hono'
import * as z from 'zod'
import type { PageOf } from '../../platform/lists/find-page.ts'
import type { Total } from '../../platform/paging.ts'
import type { AppEnv } from '../app-env.ts'
import { type Envelope, envelope, JsonText, ok } from '../envelope.ts'
import { type Asked, askedOf, forwardLinks, linkHeader, numberLinks, type PageLinks, PageLinksSchema } from './links.ts'
import { isKnown, weakTag } from './preconditions.ts'

/** What a list has found, whichever way it was paged. */
export interface Listed<T> {
  rows: T[]
  hasMore: boolean
  nextCursor: string | null
  total: Total | null
  /** The rows as JSON and their digest, where these were remembered: then nobody reads the rows to write them again. */
  written?: { text: string; digest: string }
}

export const FORMATS = ['package', 'headers'] as const
export type Format = (typeof FORMATS)[number]

const NumberMeta = {
  page: z.int(),
  limit: z.int(),
  total: z.int(),
  totalIsExact: z.boolean(),
  totalPages: z.int(),
  hasNextPage: z.boolean(),
  hasPrevPage: z.boolean(),
  nextCursor: z.string().nullable(),
}
const CursorModeMeta = { limit: z.int(), hasMore: z.boolean(), nextCursor: z.string().nullable() }
const KeysetMeta = {
  limit: z.int(),
  hasMore: z.boolean(),
  nextAfter: z.iso.datetime().nullable(),
  nextAfterId: z.uuid().nullable(),
}

/** Meta of a list in any of its three modes. */
export type ModalMeta =
  | z.output<z.ZodObject<typeof NumberMeta>>
  | z.output<z.ZodObject<typeof CursorModeMeta>>
  | z.output<z.ZodObject<typeof KeysetMeta>>

/** The schema of one page by number, as it always is, with its links. */
export function numberedAnswer<T extends z.ZodType>(item: T) {
  const { shape } = envelope(z.array(item))
  return z.object({ ...shape, meta: shape.meta.extend(NumberMeta), links: PageLinksSchema })
}

/**
 * The schema of `answerList`: its usual form with whole items, the same with some of their fields, and the other two.
 * `sparse` is an item of which fields were asked for.
 */
export function listAnswers<T extends z.ZodType, S extends z.ZodType>(item: T, sparse: S) {
  const usual = <I extends z.ZodType>(one: I) => {
    const { shape } = envelope(z.array(one))
    const metas = [NumberMeta, CursorModeMeta, KeysetMeta] as const
    const [byNumber, byCursor, byKey] = metas.map((meta) => shape.meta.extend(meta))
    return z.object({ ...shape, meta: z.union([byNumber, byCursor, byKey] as z.ZodType[]), links: PageLinksSchema })
  }
  const packed = envelope(
    z.object({
      items: z.array(sparse),
      meta: z.object({
        totalItems: z.int(),
        itemCount: z.int(),
        itemsPerPage: z.int(),
        totalPages: z.int(),
        currentPage: z.int(),
      }),
      links: z.object({
        first: z.string(),
        previous: z.string().nullable(),
        next: z.string().nullable(),
        last: z.string().nullable(),
      }),
    }),
  )
  return z.union([usual(item), usual(sparse), packed, z.array(sparse)])
}

interface Listing<T> {
  found: Listed<T>
  paging: PageOf
  format: Format | undefined
  /** The time and id of an item, by which a keyset goes on. */
  keyOf: (item: T) => { at: string; id: string }
  /** What of an item is shown. */
  show?: (item: T) => unknown
}

type Answer<T> = Response & TypedResponse<Envelope<T[], ModalMeta>, 200, 'json'>

/**
 * The answer of a list: the envelope with its links; `format=package` has items, meta and links in its data, and
 * `format=headers` is the bare array, with what else there is to say in headers. Whoever has it already, by its weak
 * `ETag`, is told so.
 */
export async function answerList<T>(
  c: Context<AppEnv>,
  { found, paging, format, keyOf, show }: Listing<T>,
): Promise<Answer<T>> {
  const asked = askedOf(c)
  const { meta, links } = told(asked, found, paging, keyOf)
  const written = show || format ? undefined : found.written
  if (written) {
    const etag = await weakTag([written.digest, meta, links])
    return stated<T>(ok(c, new JsonText(written.text), { meta, links, etag }))
  }
  const data = show ? found.rows.map(show) : found.rows
  const etag = await weakTag([data, meta, links, format ?? null])
  if (format === 'headers') {
    for (const [name, value] of Object.entries(headersOf(meta, links))) c.header(name, value)
    c.header('ETag', etag)
    if (isKnown(c.req.header('if-none-match'), etag)) return stated<T>(c.body(null, 304))
    return stated<T>(c.json(data as object))
  }
  if (format === 'package') return stated<T>(ok(c, packed(data, meta, links), { etag }))
  return stated<T>(ok(c, data, { meta, links, etag }))
}

/** The type is the usual form's: whoever asks for another one, or for some fields only, knows what they get. */
function stated<T>(response: unknown): Answer<T> {
  return response as Answer<T>
}

function told<T>(asked: Asked, found: Listed<T>, paging: PageOf, keyOf: Listing<T>['keyOf']) {
  const { limit } = paging
  const { hasMore, nextCursor, total } = found
  if ('page' in paging && total !== null) {
    const meta = {
      page: paging.page,
      limit,
      total: total.total,
      totalIsExact: total.isExact,
      totalPages: Math.ceil(total.total / limit),
      hasNextPage: hasMore,
      hasPrevPage: paging.page > 1,
      nextCursor,
    }
    return { meta, links: numberLinks(asked, meta) }
  }
  if ('after' in paging) {
    const last = found.rows.at(-1)
    const next = hasMore && last !== undefined ? keyOf(last) : null
    const meta = { limit, hasMore, nextAfter: next?.at ?? null, nextAfterId: next?.id ?? null }
    return { meta, links: forwardLinks(asked, limit, next && { after: next.at, afterId: next.id }) }
  }
  const meta = { limit, hasMore, nextCursor }
  return { meta, links: forwardLinks(asked, limit, nextCursor === null ? null : { cursor: nextCursor }) }
}

function packed(items: readonly unknown[], meta: ModalMeta, { first, prev, next, last }: PageLinks) {
  const numbered = 'page' in meta ? meta : undefined
  return {
    items,
    meta: {
      totalItems: numbered?.total ?? items.length,
      itemCount: items.length,
      itemsPerPage: meta.limit,
      totalPages: numbered?.totalPages ?? 1,
      currentPage: numbered?.page ?? 1,
    },
    links: { first, previous: prev, next, last },
  }
}

function headersOf(meta: ModalMeta, links: PageLinks): Record<string, string> {
  const numbers: Record<string, string> =
    'page' in meta
      ? {
          'X-Total-Count': String(meta.total),
          'X-Total-Is-Exact': String(meta.totalIsExact),
          'X-Total-Pages': String(meta.totalPages),
          'X-Current-Page': String(meta.page),
        }
      : {}
  return { ...numbers, 'X-Per-Page': String(meta.limit), Link: linkHeader(links) }
}

/** What a client writes of which page it wants, as `modalQuery` reads it. */
export function pagingOf(query: {
  page?: number | undefined
  cursor?: string | undefined
  after?: string | undefined
  afterId?: string | undefined
  limit: number
}): PageOf {
  const { page = 1, cursor, after, afterId, limit } = query
  if (cursor !== undefined) return { cursor, limit }
  if (after !== undefined) return { after: Date.parse(after), afterId, limit }
  return { page, limit }
}
