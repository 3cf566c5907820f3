import type { Resource } from '../../../context.ts'
import { findUsernames, isPerson } from './access-queries.ts'

/** What of identity may be lent. */
export const identityResources: Record<string, Resource> = {
  user: {
    entity: 'User',
    // Of who has given up their account nothing is lent, and what was is erased with it.
    ownerOf: async (ctx, id) => ((await isPerson(ctx.core.db, id)) ? id : undefined),
    namesOf: (ctx, ids) => findUsernames(ctx.core.db, ids),
    actions: {
      // Who somebody may be and what they may do: theirs to know, and of whoever looks after access.
      'read-access': ['manage:settings'],
    },
  },
}
