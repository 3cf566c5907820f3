import * as z from 'zod'
import { defineEvent } from '../../platform/events.ts'

/** The sequence of both is `at`, in milliseconds: of several about one pair the latest holds. */
const Block = z.strictObject({ userId: z.uuid(), blockedId: z.uuid(), at: z.int() })
export type BlockPayload = z.output<typeof Block>

/** Somebody wants nothing from another person any more. */
export const PersonBlocked = defineEvent('person.blocked', 'user_blocks', Block)

export const PersonUnblocked = defineEvent('person.unblocked', 'user_blocks', Block)
