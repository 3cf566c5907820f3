export const CATEGORIES = ['spam', 'harassment', 'illegal', 'other'] as const

/** `upheld`: the message was deleted for it. */
export const STATUSES = ['open', 'dismissed', 'upheld'] as const
export type Status = (typeof STATUSES)[number]

export const DECISIONS = ['dismiss', 'delete_message'] as const
export type Decision = (typeof DECISIONS)[number]

/** What a report is once this was decided. */
export function statusAfter(decision: Decision): Exclude<Status, 'open'> {
  return decision === 'dismiss' ? 'dismissed' : 'upheld'
}

/** So many say enough: one decision closes all that are open for a message, and must stay cheap. */
export const MOST_OPEN_REPORTS = 100
