import type { Resource } from '../../../context.ts'
import { findAccountById } from '../queries.ts'

/** What of identity may be lent. */
export const identityResources: Record<string, Resource> = {
  user: {
    entity: 'User',
    ownerOf: async (ctx, id) => (await findAccountById(ctx.core.db, id))?.id,
    actions: {
      // Who somebody may be and what they may do: theirs to know, and of whoever looks after access.
      'read-access': ['manage:settings'],
    },
  },
}
