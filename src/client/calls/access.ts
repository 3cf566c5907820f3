import type { GrantBody, RevokeBody, RoleInfo, ThingGrantBody, UserV2 } from '../api-types.ts'
import type { Call, QueryOf } from '../call.ts'
import { type CallSettings, dataOf, type Page, type PageRequest, pageOf } from './shared.ts'

type RoleName = RoleInfo['name']

/** Who may do what: for those who decide on it. What changes something asks for a fresh proof of who they are. */
export function accessCalls(call: Call) {
  const reasonOf = (reason: string | undefined) => (reason === undefined ? {} : { reason })
  return {
    /** For moderators too; newest first. `search` is a part of a name. More of it: `directory.list`. */
    members: async (
      { cursor, limit = 50, search }: PageRequest & { search?: string } = {},
      settings?: CallSettings,
    ): Promise<Page<UserV2>> => {
      // The first page goes without a cursor and so by number: that one names the cursor of the next, too.
      const answer = await call('GET', '/v2/users', { query: { cursor, limit, search }, ...settings })
      return { items: answer.data, nextCursor: 'nextCursor' in answer.meta ? answer.meta.nextCursor : null }
    },
    roles: (settings?: CallSettings) => dataOf(call('GET', '/v1/admin/roles', settings)),
    permissions: (settings?: CallSettings) => dataOf(call('GET', '/v1/admin/permissions', settings)),
    /** What somebody may, and from where it comes; everybody may ask that of themselves. */
    of: (userId: string, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/admin/permissions/user/{userId}', { params: { userId }, ...settings })),
    grant: (body: GrantBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/permissions/grant', { body, ...settings })),
    revoke: (body: RevokeBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/permissions/revoke', { body, ...settings })),
    /** What can be granted on single things. */
    resources: (settings?: CallSettings) => dataOf(call('GET', '/v1/admin/resources', settings)),
    /** What somebody was granted on single things. */
    things: (
      userId: string,
      query: QueryOf<'GET /v1/admin/resource-permissions/user/{userId}'> = {},
      settings?: CallSettings,
    ) =>
      pageOf(call('GET', '/v1/admin/resource-permissions/user/{userId}', { params: { userId }, query, ...settings })),
    grantOnThing: (body: ThingGrantBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/resource-permissions/grant', { body, ...settings })),
    revokeOnThing: (body: ThingGrantBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/admin/resource-permissions/revoke', { body, ...settings })),
    /** Makes it their only role. */
    setRole: (id: string, role: RoleName, reason?: string, settings?: CallSettings) =>
      dataOf(
        call('PATCH', '/v1/users/{id}/role', { params: { id }, body: { role, ...reasonOf(reason) }, ...settings }),
      ),
    addRole: (id: string, role: RoleName, reason?: string, settings?: CallSettings) =>
      dataOf(call('PUT', '/v1/users/{id}/roles/{role}', { params: { id, role }, body: reasonOf(reason), ...settings })),
    removeRole: (id: string, role: RoleName, reason?: string, settings?: CallSettings) =>
      dataOf(
        call('POST', '/v1/users/{id}/roles/{role}/revoke', {
          ...{ params: { id, role }, body: reasonOf(reason) },
          ...settings,
        }),
      ),
    deactivate: (id: string, reason?: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/users/{id}/deactivate', { params: { id }, body: reasonOf(reason), ...settings })),
    reactivate: (id: string, reason?: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/users/{id}/reactivate', { params: { id }, body: reasonOf(reason), ...settings })),
  }
}
