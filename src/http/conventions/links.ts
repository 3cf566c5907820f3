import type { Context } from 'hono'
import * as z from 'zod'
import { MAX_PLACE } from '../../platform/paging.ts'
import type { AppEnv } from '../app-env.ts'

/** Where the pages of a list are; null where there is none, or where nobody knows. */
export interface PageLinks {
  self: string
  first: string
  prev: string | null
  next: string | null
  last: string | null
}

export const PageLinksSchema = z
  .object({
    self: z.string(),
    first: z.string(),
    prev: z.string().nullable(),
    next: z.string().nullable(),
    last: z.string().nullable(),
  })
  .meta({ id: 'PageLinks' })

/** What pages are told apart by; everything else in a link is what was asked. */
const MODES = ['page', 'cursor', 'after', 'afterId']

/** The request as it came, with another page in it. */
export interface Asked {
  /** `/v1/products`. */
  path: string
  /** `?category=shoes`, or nothing. */
  search: string
  /** The configured origin where links are absolute: never what a request says of its host. */
  origin?: string | undefined
}

/** The request as its links repeat it. */
export function askedOf(c: Context<AppEnv>): Asked {
  return { path: c.req.path, search: new URL(c.req.url).search, origin: c.get('isolate').settings.PUBLIC_ORIGIN }
}

interface Mode extends Record<string, string | number> {
  limit: number
}

/** Makes the links to pages of one list: what they have in common is found once. */
function linksIn({ path, search, origin = '' }: Asked): (mode: Mode) => string {
  const parameters = new URLSearchParams(search)
  for (const name of [...MODES, 'limit']) parameters.delete(name)
  const asked = parameters.size === 0 ? '' : `${parameters}&`
  return (mode) => {
    const pairs = Object.entries(mode).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    return `${origin}${path}?${asked}${pairs.join('&')}`
  }
}

/** What the meta of a page by number says of it. */
export interface NumberedMeta {
  page: number
  limit: number
  totalIsExact: boolean
  totalPages: number
  hasNextPage: boolean
  /** By which the list goes on where no number leads. */
  nextCursor: string | null
}

/**
 * Links of a page by number. A list that is empty has one page; from beyond the end `prev` leads to the last one. Where
 * the total is not known there is no last one. Beyond what is asked for by number `next` goes on by cursor.
 */
export function numberLinks(asked: Asked, meta: NumberedMeta): PageLinks {
  const { page, limit, totalIsExact, totalPages, hasNextPage, nextCursor } = meta
  const linkTo = linksIn(asked)
  const to = (number: number) => (number * limit > MAX_PLACE ? null : linkTo({ page: number, limit }))
  const last = Math.max(1, totalPages)
  const before = totalIsExact ? Math.min(page - 1, last) : page - 1
  const onward = nextCursor === null ? null : linkTo({ cursor: nextCursor, limit })
  return {
    self: linkTo({ page, limit }),
    first: linkTo({ page: 1, limit }),
    prev: before >= 1 ? to(before) : null,
    next: hasNextPage ? (to(page + 1) ?? onward) : null,
    last: totalIsExact ? to(last) : null,
  }
}

/** Links of a page that goes on from another one: they only lead forward. `next` is how the one after it is asked for. */
export function forwardLinks(asked: Asked, limit: number, next: Record<string, string> | null): PageLinks {
  const linkTo = linksIn(asked)
  return {
    self: `${asked.origin ?? ''}${asked.path}${asked.search}`,
    first: linkTo({ limit }),
    prev: null,
    next: next && linkTo({ ...next, limit }),
    last: null,
  }
}

/** As RFC 8288 has them, without those that lead nowhere. */
export function linkHeader({ first, prev, next, last }: PageLinks): string {
  return Object.entries({ first, prev, next, last })
    .flatMap(([rel, href]) => (href === null ? [] : [`<${href}>; rel="${rel}"`]))
    .join(', ')
}
