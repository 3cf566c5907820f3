/** What other features, objects and the composition may use of notifications. */
export { createNotification, createNotifications, notifyUsers } from './create-notifications.ts'
export { raiseNewMessage } from './raise-new-message.ts'
