import type { CreateUserBody, Operations, PutProfileBody, PutUserBody, RoleBody } from '../api-types.ts'
import type { Call, QueryOf } from '../call.ts'
import { type CallSettings, dataOf, done, versionedOf } from './shared.ts'

/**
 * Users as version 2 tells of them: everybody of themselves, moderators and admins of all. Changes take the `etag` of what
 * was read, and are refused with 412 where somebody has changed it since.
 */
export function directoryCalls(call: Call) {
  return {
    /** A page with its `meta`: by number, or from `meta.nextCursor`. `search` is a part of a name. */
    list: (query: QueryOf<'GET /v2/users'> = {}, settings?: CallSettings) =>
      call('GET', '/v2/users', { query, ...settings }),
    get: (id: string, settings?: CallSettings) =>
      versionedOf(call('GET', '/v2/users/{id}', { params: { id }, ...settings })),
    /** They choose a password by the link that is mailed to them. */
    create: (body: CreateUserBody, settings?: CallSettings) => dataOf(call('POST', '/v2/users', { body, ...settings })),
    replace: (id: string, etag: string, body: PutUserBody, settings?: CallSettings) =>
      versionedOf(call('PUT', '/v2/users/{id}', { params: { id }, body, ...settings, ifMatch: etag })),
    /** Only what is named changes. */
    change: (id: string, etag: string, body: Operations['PATCH /v2/users/{id}']['body'], settings?: CallSettings) =>
      versionedOf(call('PATCH', '/v2/users/{id}', { params: { id }, body, ...settings, ifMatch: etag })),
    /** For good. */
    remove: (id: string, settings?: CallSettings) =>
      done(call('DELETE', '/v2/users/{id}', { params: { id }, ...settings })),
    profile: (id: string, settings?: CallSettings) =>
      versionedOf(call('GET', '/v2/users/{id}/profile', { params: { id }, ...settings })),
    replaceProfile: (id: string, etag: string, body: PutProfileBody, settings?: CallSettings) =>
      versionedOf(call('PUT', '/v2/users/{id}/profile', { params: { id }, body, ...settings, ifMatch: etag })),
    changeProfile: (
      id: string,
      etag: string,
      body: Operations['PATCH /v2/users/{id}/profile']['body'],
      settings?: CallSettings,
    ) => versionedOf(call('PATCH', '/v2/users/{id}/profile', { params: { id }, body, ...settings, ifMatch: etag })),
    activate: (id: string, settings?: CallSettings) =>
      dataOf(call('PATCH', '/v2/users/{id}/activate', { params: { id }, ...settings })),
    deactivate: (id: string, settings?: CallSettings) =>
      dataOf(call('PATCH', '/v2/users/{id}/deactivate', { params: { id }, ...settings })),
    changeRole: (id: string, body: RoleBody, settings?: CallSettings) =>
      dataOf(call('PATCH', '/v2/users/{id}/change-role', { params: { id }, body, ...settings })),
  }
}
