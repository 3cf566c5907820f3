import type { Context } from 'hono'
import type { OwnerGuard } from '../../../http/access.ts'
import type { AppEnv } from '../../../http/app-env.ts'
import { entityTag } from '../../../http/conventions/preconditions.ts'
import { deprecatedSince } from '../../../http/deprecation.ts'
import { demandExpected } from '../../../platform/expected.ts'
import type { Sight } from './views.ts'

/** Said once for all that version 1 has of users and version 2 has as well. */
export const USERS_V1 = deprecatedSince('2026-01-01', { successor: '/v2/users', docs: '/api/v2/docs' })

/** The id of the path is whose account it is, so there is nothing to look up; whether it is anybody's the verb sees. */
const ofThemselves = {
  entity: (param) => `User ${param('id')}`,
  ownerOf: async (_ctx, param) => param('id'),
} as const satisfies OwnerGuard

/** Themselves, and staff. */
export const seenBy = { permissions: ['read:user'], owner: { ...ofThemselves, orRole: 'moderator' } } as const
/** Themselves, and admins. */
export const changedBy = { owner: { ...ofThemselves, orRole: 'admin' } } as const

export const common = { tag: 'Users', limits: [], idempotency: 'off', cache: 'no-store' } as const

/** Each version tells of a user in its own way, and of one's own account more than of others. */
export function tagOf({ version }: { version: number }, view: View, sight: Sight): string {
  return entityTag(version, viewOf(view, sight))
}

/** Which representation it is. */
export function viewOf(view: View, { seesReach }: Sight): string {
  return seesReach ? `${view}.whole` : view
}

type View = 'v1' | 'v2' | 'profile'

/** What `If-Match` expects, as a verb asks it. */
export function checkOf(c: Context<AppEnv>): (version: number) => void {
  const expected = c.get('expected')
  return (version) => demandExpected(expected, version)
}
