import type { ChangeReviewBody, WriteReviewBody } from '../api-types.ts'
import type { Call, QueryOf } from '../call.ts'
import { type CallSettings, dataOf, removed } from './shared.ts'

/** `ifMatch` is the review's version in quotes: with it a change of what somebody has changed since is refused with 412. */
export interface ReviewChangeSettings extends CallSettings {
  ifMatch?: string
}

/** What people say of products. All of it is 404 where the deployment has not switched reviews on for the caller. */
export function reviewCalls(call: Call) {
  const path = '/v1/products/{id}/reviews/{reviewId}'
  return {
    /** One page, by number or by cursor; `meta` has the summary, the caller's own review, and whether they may write one. */
    list: (idOrSlug: string, query: QueryOf<'GET /v1/products/{id}/reviews'> = {}, settings?: CallSettings) =>
      call('GET', '/v1/products/{id}/reviews', { params: { id: idOrSlug }, query, ...settings }),
    get: (id: string, reviewId: string, settings?: CallSettings) =>
      dataOf(call('GET', path, { params: { id, reviewId }, ...settings })),
    write: (idOrSlug: string, body: WriteReviewBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/products/{id}/reviews', { params: { id: idOrSlug }, body, ...settings })),
    /** Only what is named changes. */
    change: (id: string, reviewId: string, body: ChangeReviewBody, settings?: ReviewChangeSettings) =>
      dataOf(call('PATCH', path, { params: { id, reviewId }, body, ...settings })),
    remove: (id: string, reviewId: string, settings?: ReviewChangeSettings) =>
      removed(call('DELETE', path, { params: { id, reviewId }, ...settings })),
    /** For moderators; its author reads the reason. */
    hide: (id: string, reviewId: string, reason: string, settings?: ReviewChangeSettings) =>
      dataOf(call('POST', `${path}/hide`, { params: { id, reviewId }, body: { reason }, ...settings })),
    restore: (id: string, reviewId: string, reason: string, settings?: ReviewChangeSettings) =>
      dataOf(call('POST', `${path}/restore`, { params: { id, reviewId }, body: { reason }, ...settings })),
  }
}
