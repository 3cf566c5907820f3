import * as z from 'zod'
import { Id } from '../../platform/id-schema.ts'
import { lineOfText, WHOLE_CHARACTERS } from '../../platform/text.ts'
import { CATEGORIES, DECISIONS, STATUSES } from './domain/report.ts'

const Category = z.enum(CATEGORIES)

export const ReportMessageBody = z
  .strictObject({
    category: Category,
    note: z
      .string()
      .max(1_000)
      .regex(WHOLE_CHARACTERS, 'The text has a broken character')
      .regex(/\S/u, 'Write something, or leave it out')
      .trim()
      .meta({ minLength: 1 })
      .optional(),
  })
  .meta({ id: 'ReportMessageBody' })
export type ReportMessageBody = z.output<typeof ReportMessageBody>

/** What the person who has reported sees of it. */
export const OwnReport = z
  .object({
    id: z.uuid(),
    roomId: z.uuid(),
    messageId: z.uuid(),
    category: Category,
    note: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'OwnReport' })
export type OwnReport = z.output<typeof OwnReport>

export const Report = z
  .object({
    id: z.uuid(),
    status: z.enum(STATUSES),
    category: Category,
    note: z.string().nullable(),
    reporterId: z.uuid(),
    roomId: z.uuid(),
    /** As it was when it was reported. */
    message: z.object({
      id: z.uuid(),
      content: z.string(),
      author: z.object({ id: z.uuid(), username: z.string() }),
      createdAt: z.iso.datetime(),
    }),
    createdAt: z.iso.datetime(),
    decidedAt: z.iso.datetime().nullable(),
    decidedBy: z.uuid().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Report' })
export type Report = z.output<typeof Report>

export const ReportedMessage = z.object({ id: Id, messageId: Id })
export const ReportId = z.object({ id: Id })
export const ReportFilter = z.object({ status: z.enum(STATUSES).optional() })

export const DecideReportBody = z
  .strictObject({ decision: z.enum(DECISIONS), reason: lineOfText({ min: 3, max: 500 }) })
  .meta({ id: 'DecideReportBody' })
export type DecideReportBody = z.output<typeof DecideReportBody>
