import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { memberRoutes } from './member-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { roomRoutes } from './room-routes.ts'

export const chatRoutes = new Hono<AppEnv>()
  .route('/rooms', roomRoutes)
  .route('/rooms', messageRoutes)
  .route('/rooms', memberRoutes)
