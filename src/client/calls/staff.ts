import type { DeadLetter, DecideReportBody, Report, TierBody, UserSummary } from '../api-types.ts'
import type { Call } from '../call.ts'
import { type CallSettings, dataOf, type PageRequest, pageOf } from './shared.ts'

/** For moderators. */
export function moderationCalls(call: Call) {
  return {
    reports: (query: PageRequest & { status?: Report['status'] | undefined } = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/admin/reports', { query: { ...query }, ...settings })),
    report: (id: string, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/admin/reports/{id}', { params: { id }, ...settings })),
    decide: (id: string, body: DecideReportBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/reports/{id}/decide', { params: { id }, body, ...settings })),
  }
}

/** What of an act is asked for. */
export interface AuditSearch {
  action?: string | undefined
  actorId?: string | undefined
  targetId?: string | undefined
  /** This time counts, and `to` does not. */
  from?: string | undefined
  to?: string | undefined
}

export interface UserSearch {
  q?: string | undefined
  role?: UserSummary['role'] | undefined
  tier?: UserSummary['tier'] | undefined
}

/** For those who look after the system. */
export function operationCalls(call: Call) {
  return {
    /** Also where it is `down`: that is an answer, not an error. */
    health: (settings?: CallSettings) => dataOf(call('GET', '/health', settings)),
    version: (settings?: CallSettings) => dataOf(call('GET', '/version', settings)),
    events: (settings?: CallSettings) => dataOf(call('GET', '/v1/admin/events', settings)),
    deadLetters: (query: PageRequest & { status?: DeadLetter['status'] | undefined } = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/admin/dead-letters', { query: { ...query }, ...settings })),
    deadLetter: (id: string, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/admin/dead-letters/{id}', { params: { id }, ...settings })),
    redrive: (id: string, reason: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/dead-letters/{id}/redrive', { params: { id }, body: { reason }, ...settings })),
    discard: (id: string, reason: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/dead-letters/{id}/discard', { params: { id }, body: { reason }, ...settings })),
    /** What the system does, as it counts itself, in the last so many minutes: 5 to 10,080. */
    figures: (query: { minutes?: number | undefined } = {}, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/admin/figures', { query, ...settings })),
    limits: (settings?: CallSettings) => dataOf(call('GET', '/v1/admin/limits', settings)),
    /** A page may hold fewer acts than asked for, or none, and still have a next one. Times are ISO 8601 in UTC. */
    audit: (query: PageRequest & AuditSearch = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/admin/audit', { query: { ...query }, ...settings })),
    /** Made anew each time, and few times an hour. */
    activity: (days: number, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/expensive-operation', { body: { days }, ...settings })),
  }
}

export function userCalls(call: Call) {
  return {
    /** Newest first. With `q` one page of those whose address or name begins so. */
    list: (query: PageRequest & UserSearch = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/admin/users', { query: { ...query }, ...settings })),
    get: (id: string, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/admin/users/{id}', { params: { id }, ...settings })),
    setTier: (id: string, tier: TierBody['tier'], reason: string, settings?: CallSettings) =>
      dataOf(call('PATCH', '/v1/users/{id}/tier', { params: { id }, body: { tier, reason }, ...settings })),
  }
}
