import { Hono } from 'hono'
import { usersV2Routes } from '../features/identity/users/v2-routes.ts'
import type { AppEnv } from './app-env.ts'

/** Version 2 of the API: what is another than in version 1, and what version 1 never had. */
export const v2 = new Hono<AppEnv>().route('/users', usersV2Routes)
