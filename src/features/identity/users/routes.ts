import { usersV1Routes } from './v1-routes.ts'
import { usersV2Routes } from './v2-routes.ts'

/** Users, once for each version of the API: what is told and taken is a version's own, what happens is the same verbs. */
export const USER_VERSIONS = { v1: usersV1Routes, v2: usersV2Routes } as const
