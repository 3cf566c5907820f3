import { WorkerEntrypoint } from 'cloudflare:workers'
import type * as z from 'zod'
import type { ServiceContext } from '../context.ts'
import type { Env } from '../env.ts'
import {
  getUsersByRole,
  hasAllPermissions,
  hasAnyPermission,
  hasPermission,
  hasRole,
  readContact,
  readProfiles,
  verifyAccessToken,
} from '../features/identity/index.ts'
import {
  AskContact,
  AskPermission,
  AskPermissions,
  AskProfiles,
  AskRole,
  type Contact,
  type HolderPage,
  type Profile,
  RoleHolders,
  type VerifiedCaller,
  VerifyToken,
} from '../features/identity/service-schemas.ts'
import type { Call } from '../platform/call.ts'
import type { ServiceAnswer } from '../platform/result.ts'
import { answerCall } from './answer-call.ts'

/**
 * Users as other services of ours call them, by a service binding: who somebody is and what they may do. No other
 * service reads identity's tables, and nothing here can be reached over HTTP. A refusal is a value. It is read from the
 * primary each time, so what was taken from somebody holds for the next call.
 */
export class UsersService extends WorkerEntrypoint<Env> {
  /** Whose access token this is, while their session lives. Refuses with UNAUTHENTICATED. */
  verifyToken(call: Call, input: VerifyToken): Promise<ServiceAnswer<VerifiedCaller>> {
    return this.#run(call, VerifyToken, input, verifyAccessToken)
  }

  /** What anybody may see of these people; of those who are not there, nothing. */
  profiles(call: Call, input: AskProfiles): Promise<ServiceAnswer<Profile[]>> {
    return this.#run(call, AskProfiles, input, readProfiles)
  }

  /** Where to write to somebody, and in which language: asked for when it is sent, and never stored elsewhere. */
  contact(call: Call, input: AskContact): Promise<ServiceAnswer<Contact>> {
    return this.#run(call, AskContact, input, readContact)
  }

  /**
   * What this person may, whatever acts for them: a call says no more of who asks than its trace, so nothing narrows the
   * answer. Whoever acts on a token asks `verifyToken`, which takes no API key: a service that lets programs in by keys
   * of ours has the route here that they call ask, where a key's scopes count. The same holds for the three below.
   */
  hasPermission(call: Call, input: AskPermission): Promise<ServiceAnswer<boolean>> {
    return this.#run(call, AskPermission, input, (ctx, { userId, permission }) =>
      hasPermission(ctx, userId, permission),
    )
  }

  hasAllPermissions(call: Call, input: AskPermissions): Promise<ServiceAnswer<boolean>> {
    return this.#run(call, AskPermissions, input, (ctx, asked) =>
      hasAllPermissions(ctx, asked.userId, asked.permissions),
    )
  }

  hasAnyPermission(call: Call, input: AskPermissions): Promise<ServiceAnswer<boolean>> {
    return this.#run(call, AskPermissions, input, (ctx, asked) =>
      hasAnyPermission(ctx, asked.userId, asked.permissions),
    )
  }

  /** Exactly this role, whatever is higher. False for who is not there. */
  hasRole(call: Call, input: AskRole): Promise<ServiceAnswer<boolean>> {
    return this.#run(call, AskRole, input, (ctx, { userId, role }) => hasRole(ctx, userId, role))
  }

  /** Whoever holds the role and is active, newest first, by cursor. */
  usersByRole(call: Call, input: RoleHolders): Promise<ServiceAnswer<HolderPage>> {
    return this.#run(call, RoleHolders, input, async (ctx, { role, ...paging }) => getUsersByRole(ctx, role, paging))
  }

  #run<I, T>(
    call: Call,
    schema: z.ZodType<I>,
    input: unknown,
    verb: (ctx: ServiceContext, input: I) => Promise<T>,
  ): Promise<ServiceAnswer<T>> {
    return answerCall({ env: this.env, ctx: this.ctx, name: 'users-service' }, call, { schema, input, verb })
  }
}
