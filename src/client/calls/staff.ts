import type { DecideReportBody, TierBody } from '../api-types.ts'
import type { Call, QueryOf } from '../call.ts'
import { type CallSettings, dataOf, pageOf } from './shared.ts'

/** For moderators. */
export function moderationCalls(call: Call) {
  return {
    reports: (query: QueryOf<'GET /v1/admin/reports'> = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/admin/reports', { query, ...settings })),
    report: (id: string, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/admin/reports/{id}', { params: { id }, ...settings })),
    decide: (id: string, body: DecideReportBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/reports/{id}/decide', { params: { id }, body, ...settings })),
  }
}

/** What of the acts on record is asked for. */
export type AuditSearch = QueryOf<'GET /v1/admin/audit'>

/** For those who look after the system. */
export function operationCalls(call: Call) {
  return {
    /** Also where it is `down`: that is an answer, not an error. */
    health: (settings?: CallSettings) => dataOf(call('GET', '/health', settings)),
    version: (settings?: CallSettings) => dataOf(call('GET', '/version', settings)),
    events: (settings?: CallSettings) => dataOf(call('GET', '/v1/admin/events', settings)),
    deadLetters: (query: QueryOf<'GET /v1/admin/dead-letters'> = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/admin/dead-letters', { query, ...settings })),
    deadLetter: (id: string, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/admin/dead-letters/{id}', { params: { id }, ...settings })),
    redrive: (id: string, reason: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/dead-letters/{id}/redrive', { params: { id }, body: { reason }, ...settings })),
    discard: (id: string, reason: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/dead-letters/{id}/discard', { params: { id }, body: { reason }, ...settings })),
    /** What the system does, as it counts itself, in the last so many minutes. */
    figures: (query: QueryOf<'GET /v1/admin/figures'> = {}, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/admin/figures', { query, ...settings })),
    /** The acts on record, the newest first. A page may hold fewer than asked for, or none, and still have a next one. */
    audit: (query: QueryOf<'GET /v1/admin/audit'> = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/admin/audit', { query, ...settings })),
    /** The policies as they hold here. */
    limits: (settings?: CallSettings) => dataOf(call('GET', '/v1/admin/limits', settings)),
    /** Made anew each time, and few times an hour. */
    activity: (days: number, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/expensive-operation', { body: { days }, ...settings })),
  }
}

export function userCalls(call: Call) {
  return {
    /** Newest first. With `q` one page of those whose address or name begins so. */
    list: (query: QueryOf<'GET /v1/admin/users'> = {}, settings?: CallSettings) =>
      pageOf(call('GET', '/v1/admin/users', { query, ...settings })),
    get: (id: string, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/admin/users/{id}', { params: { id }, ...settings })),
    /** They may sign in anew at once, and are told by mail. */
    endSessions: (id: string, reason: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/users/{id}/sessions/revoke', { params: { id }, body: { reason }, ...settings })),
    setTier: (id: string, tier: TierBody['tier'], reason: string, settings?: CallSettings) =>
      dataOf(call('PATCH', '/v1/users/{id}/tier', { params: { id }, body: { tier, reason }, ...settings })),
  }
}
