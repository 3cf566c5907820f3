import type { Call } from '../call.ts'
import { type CallSettings, dataOf, done, type PageRequest, pageOf, removed } from './shared.ts'

export function peopleCalls(call: Call) {
  return {
    /** People whose username or name starts with `q`; three characters or more. */
    search: (q: string, settings?: CallSettings) => dataOf(call('GET', '/v1/people', { query: { q }, ...settings })),
    /** Whom one has blocked: what they say in groups still comes, and is the page's to hide. */
    blocked: (page: PageRequest = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/people/blocked', { query: { ...page }, ...settings })),
    block: (id: string, settings?: CallSettings) =>
      done(call('PUT', '/v1/people/{id}/block', { params: { id }, ...settings })),
    unblock: (id: string, settings?: CallSettings) =>
      removed(call('DELETE', '/v1/people/{id}/block', { params: { id }, ...settings })),
  }
}
