/** What other features, objects and the composition may use of notifications. */
export { raiseNewMessage } from './raise-new-message.ts'
