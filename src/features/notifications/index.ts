/** What other features, objects and the composition may use of notifications. */
export { newMessageNotification } from './new-message.ts'
