import { Hono } from 'hono'
import { USER_VERSIONS } from '../features/identity/users/routes.ts'
import type { AppEnv } from './app-env.ts'

/** Version 2 of the API: what is another than in version 1, and what version 1 never had. */
export const v2 = new Hono<AppEnv>().route('/users', USER_VERSIONS.v2)
