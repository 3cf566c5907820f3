import type { Context, TypedResponse } from 'hono'
import * as z from 'zod'
import { isoTime } from '../platform/clock.ts'
import type { AppEnv } from './app-env.ts'
import { askedOf, type NumberedMeta, numberLinks, PageLinksSchema } from './conventions/links.ts'
import { isKnown } from './conventions/preconditions.ts'
import { hrefOfMade } from './href.ts'
import { type ApiVersion, DEFAULT_VERSION } from './version.ts'

export interface Meta {
  timestamp: string
  version: string
  requestId: string
  _reminder?: string
}

export interface CursorMeta {
  limit: number
  nextCursor: string | null
  hasNextPage: boolean
}

export interface PageMeta extends CursorMeta {
  page: number
  /** Counted to 1,000 unless the list knows better. */
  total: number
  totalIsExact: boolean
  /** As many as `total` fills. */
  totalPages: number
  hasPrevPage: boolean
}

export type Envelope<T, M extends object = object> = {
  success: true
  data: T
  meta: Meta & M
  links?: object
  path: string
}

/** JSON that was written before: a part of an answer that nobody reads to write it again. */
export class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const SAFE = new Set(['GET', 'HEAD'])

/**
 * The one success answer. `status` is part of the type, so that clients know what each one carries. A page by number has
 * links to the others, whichever list it is of.
 */
export function ok<T, S extends 200 | 201 | 202 | 503 = 200, M extends object = object>(
  c: Context<AppEnv>,
  data: T,
  options: { status?: S; meta?: M; links?: object; etag?: string } = {},
): Response & TypedResponse<Envelope<T, M>, S, 'json'> {
  const { meta, links = isNumbered(meta) ? numberLinks(askedOf(c), meta) : undefined } = options
  const around: Omit<Envelope<T, M>, 'success' | 'data'> = {
    meta: {
      ...(meta ?? ({} as M)),
      timestamp: isoTime(c.get('isolate').clock()),
      version: versionOf(c),
      requestId: c.get('scope').correlationId,
    },
    ...(links && { links }),
    path: c.req.path,
  }
  const status = options.status ?? (200 as S)
  const made = c.get('matched')?.contract.policy.made
  const location = made !== undefined && isNew(status) ? hrefOfMade(c, made, data) : undefined
  if (location !== undefined) c.header('Location', location)
  if (options.etag) c.header('ETag', options.etag)
  // The typed client knows 304 as the answer that it has already.
  if (options.etag && SAFE.has(c.req.method) && isKnown(c.req.header('if-none-match'), options.etag)) {
    return c.body(null, 304) as unknown as Response & TypedResponse<Envelope<T, M>, S, 'json'>
  }
  // The type is stated rather than inferred from the literal: hono's inference of nested JSON is slow.
  return answerWith(c, data, around, status) as unknown as Response & TypedResponse<Envelope<T, M>, S, 'json'>
}

function answerWith(c: Context<AppEnv>, data: unknown, around: object, status: 200 | 201 | 202 | 503): Response {
  if (!(data instanceof JsonText)) return c.json({ success: true, data, ...around }, status)
  const text = `{"success":true,"data":${data.text},${JSON.stringify(around).slice(1)}`
  return c.body(text, status, { 'Content-Type': 'application/json' })
}

function isNumbered(meta: object | undefined): meta is NumberedMeta {
  return meta !== undefined && 'page' in meta && 'totalPages' in meta
}

/** 200 of the same route is of what was there before. */
function isNew(status: number): boolean {
  return status === 201 || status === 202
}

/** Which version of the API answers. A refused one has no answer of this kind. */
function versionOf(c: Context<AppEnv>): ApiVersion {
  const resolvedVersion = c.get('resolvedVersion')
  return 'version' in resolvedVersion ? resolvedVersion.version : DEFAULT_VERSION
}

const MetaSchema = z.object({
  timestamp: z.iso.datetime(),
  version: z.string(),
  requestId: z.string(),
  /** For somebody whose e-mail address is not verified yet; see `remindToVerify`. */
  _reminder: z.string().optional(),
})

/** The same of every answer, so made once: an isolate makes a schema for each of hundreds before it answers anything. */
const [SUCCESS, PATH] = [z.literal(true), z.string()]

/** The schema of `ok`'s answer, for the contract of a route. */
export function envelope<T extends z.ZodType>(data: T) {
  return z.object({ success: SUCCESS, data, meta: MetaSchema, path: PATH })
}

const CursorMetaSchema = MetaSchema.extend({
  limit: z.int(),
  nextCursor: z.string().nullable(),
  hasNextPage: z.boolean(),
})

const PageMetaSchema = CursorMetaSchema.extend({
  page: z.int(),
  total: z.int(),
  totalIsExact: z.boolean(),
  totalPages: z.int(),
  hasPrevPage: z.boolean(),
})

/** The same for a list with a cursor. */
export function cursorPage<T extends z.ZodType>(item: T) {
  return z.object({ success: SUCCESS, data: z.array(item), meta: CursorMetaSchema, path: PATH })
}

/**
 * The same for a list with pages and a cursor: what was asked for by cursor has neither number, total nor links. `more` is what
 * its meta says besides.
 */
export function numberedPage<T extends z.ZodType, M extends z.core.$ZodLooseShape = object>(item: T, more?: M) {
  const meta = z.union([PageMetaSchema.extend({ ...more }), CursorMetaSchema.extend({ ...more })])
  const links = PageLinksSchema.optional()
  return z.object({ success: SUCCESS, data: z.array(item), meta, links, path: PATH })
}

export const Done = z.object({ success: z.literal(true) }).meta({ id: 'Done' })
