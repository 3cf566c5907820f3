import { Hono } from 'hono'
import { categoryRoutes } from '../features/catalog/category-routes.ts'
import { productListRoutes } from '../features/catalog/list-routes.ts'
import { processRoutes } from '../features/catalog/process-routes.ts'
import { reviewRoutes } from '../features/catalog/reviews/routes.ts'
import { productRoutes } from '../features/catalog/routes.ts'
import { chatRoutes } from '../features/chat/routes.ts'
import { accessRoutes } from '../features/identity/access/routes.ts'
import { accountRoutes } from '../features/identity/account/routes.ts'
import { adminUserRoutes } from '../features/identity/admin-routes.ts'
import { apiKeyRoutes } from '../features/identity/api-keys/routes.ts'
import { captchaRoutes } from '../features/identity/captcha-routes.ts'
import { mfaRoutes } from '../features/identity/mfa/routes.ts'
import { stepUpRoutes } from '../features/identity/mfa/step-up-routes.ts'
import { passkeyRoutes } from '../features/identity/passkeys/routes.ts'
import { providerRoutes } from '../features/identity/providers/routes.ts'
import { recoveryRoutes } from '../features/identity/recovery/routes.ts'
import { identityRoutes } from '../features/identity/routes.ts'
import { ownDataRoutes, userRoutes } from '../features/identity/user-routes.ts'
import { USER_VERSIONS } from '../features/identity/users/routes.ts'
import { longWorkRoutes } from '../features/long-work/routes.ts'
import { messageReportRoutes, moderationRoutes } from '../features/moderation/routes.ts'
import { notificationRoutes } from '../features/notifications/routes.ts'
import { operationsRoutes, reportRoutes } from '../features/operations/routes.ts'
import { peopleRoutes } from '../features/people/routes.ts'
import { socketTicketRoutes } from '../features/realtime/routes.ts'
import type { AppEnv } from './app-env.ts'

/** Version 1 of the API: path to feature. */
export const v1 = new Hono<AppEnv>()
  .route('/auth', identityRoutes)
  .route('/auth', captchaRoutes)
  .route('/auth/mfa', mfaRoutes)
  .route('/auth', stepUpRoutes)
  .route('/auth', recoveryRoutes)
  .route('/auth/passkeys', passkeyRoutes)
  .route('/auth/api-keys', apiKeyRoutes)
  .route('/auth/providers', providerRoutes)
  .route('/', accessRoutes)
  .route('/auth', accountRoutes)
  .route('/people', peopleRoutes)
  .route('/chat', chatRoutes)
  .route('/chat', messageReportRoutes)
  .route('/notifications', notificationRoutes)
  .route('/ws-tickets', socketTicketRoutes)
  // Before whatever takes an id in the place of `search`.
  .route('/products', productListRoutes)
  .route('/products', processRoutes)
  .route('/products', productRoutes)
  .route('/products', reviewRoutes)
  .route('/operations', longWorkRoutes)
  .route('/categories', categoryRoutes)
  .route('/users', userRoutes)
  // After whatever has a name in the place of its id.
  .route('/users', USER_VERSIONS.v1)
  .route('/data', ownDataRoutes)
  .route('/expensive-operation', reportRoutes)
  .route('/admin', operationsRoutes)
  .route('/admin/users', adminUserRoutes)
  .route('/admin/reports', moderationRoutes)
