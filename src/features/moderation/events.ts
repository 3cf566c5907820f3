import * as z from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { CATEGORIES, DECISIONS } from './domain/report.ts'

const about = { reportId: z.uuid(), roomId: z.uuid(), messageId: z.uuid(), authorId: z.uuid() }

/** A member of a room wants a moderator to look at a message. */
export const MessageReported = defineEvent(
  'message.reported',
  'report',
  z.strictObject({ ...about, reporterId: z.uuid(), category: z.enum(CATEGORIES) }),
)

/** A moderator has decided on this report, and with it on all that were open for the same message. */
export const ReportDecided = defineEvent(
  'report.decided',
  'report',
  z.strictObject({ ...about, decision: z.enum(DECISIONS), decidedBy: z.uuid(), at: z.int() }),
)
