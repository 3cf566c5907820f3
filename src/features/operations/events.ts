import * as z from 'zod'
import { defineEvent } from '../../platform/events.ts'

/** An admin wants a message that was given up to be tried again. Its sequence is the dead letter's version. */
export const DeadLetterRedriven = defineEvent(
  'dead_letter.redriven',
  'dead_letter',
  z.strictObject({ deadLetterId: z.uuid() }),
)
