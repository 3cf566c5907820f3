import type { PreferencesBody } from '../api-types.ts'
import type { Call } from '../call.ts'
import { type CallSettings, dataOf, done, type PageRequest, pageOf, removed } from './shared.ts'

export function notificationCalls(call: Call) {
  return {
    list: ({ unreadOnly, ...page }: PageRequest & { unreadOnly?: boolean } = {}, settings?: CallSettings) =>
      pageOf(
        call('GET', '/v1/notifications', { query: { ...page, unreadOnly: unreadOnly ? 'true' : null }, ...settings }),
      ),
    unreadCount: async (settings?: CallSettings) =>
      (await dataOf(call('GET', '/v1/notifications/unread-count', settings))).count,
    markRead: (id: string, settings?: CallSettings) =>
      done(call('PATCH', '/v1/notifications/{id}/read', { params: { id }, ...settings })),
    markAllRead: (settings?: CallSettings) => done(call('POST', '/v1/notifications/mark-all-read', settings)),
    remove: (id: string, settings?: CallSettings) =>
      removed(call('DELETE', '/v1/notifications/{id}', { params: { id }, ...settings })),
    preferences: (settings?: CallSettings) => dataOf(call('GET', '/v1/notifications/preferences', settings)),
    /** What is not named stays as it is, within a category too. */
    changePreferences: (body: PreferencesBody, settings?: CallSettings) =>
      dataOf(call('PATCH', '/v1/notifications/preferences', { body, ...settings })),
  }
}
