import { Hono } from 'hono'
import { chatRoutes } from '../features/chat/routes.ts'
import { adminUserRoutes } from '../features/identity/admin-routes.ts'
import { identityRoutes } from '../features/identity/routes.ts'
import { ownDataRoutes, userRoutes } from '../features/identity/user-routes.ts'
import { messageReportRoutes, moderationRoutes } from '../features/moderation/routes.ts'
import { notificationRoutes } from '../features/notifications/routes.ts'
import { operationsRoutes, reportRoutes } from '../features/operations/routes.ts'
import { peopleRoutes } from '../features/people/routes.ts'
import { socketTicketRoutes } from '../features/realtime/routes.ts'
import type { AppEnv } from './app-env.ts'

/** Version 1 of the API: path to feature. */
export const v1 = new Hono<AppEnv>()
  .route('/auth', identityRoutes)
  .route('/people', peopleRoutes)
  .route('/chat', chatRoutes)
  .route('/chat', messageReportRoutes)
  .route('/notifications', notificationRoutes)
  .route('/ws-tickets', socketTicketRoutes)
  .route('/users', userRoutes)
  .route('/data', ownDataRoutes)
  .route('/expensive-operation', reportRoutes)
  .route('/admin', operationsRoutes)
  .route('/admin/users', adminUserRoutes)
  .route('/admin/reports', moderationRoutes)
