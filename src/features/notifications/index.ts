/** What other features, objects and the composition may use of notifications. */
export { createNotification, createNotifications, notifyUsers } from './create-notifications.ts'
export { eraseNotifications } from './erase-notifications.ts'
export { readOwnPreferences } from './preferences.ts'
export { listOwnNotifications } from './read-notifications.ts'
