import type { DecideReportBody, Report } from '../../client/index.ts'

export type Decision = DecideReportBody['decision']
export type Status = Report['status']

export const CATEGORY_WORDS: Record<Report['category'], string> = {
  spam: 'Spam',
  harassment: 'Harassment',
  illegal: 'Illegal',
  other: 'Something else',
}

const STATUS_WORDS: Record<Status, string> = {
  open: 'Open',
  dismissed: 'Dismissed',
  upheld: 'Message deleted',
}

interface DecisionWords {
  /** On the button that asks. */
  ask: string
  title: string
  text: string
  /** On the button that does it. */
  act: string
  done: string
}

export const DECISION_WORDS: Record<Decision, DecisionWords> = {
  dismiss: {
    ask: 'Dismiss',
    title: 'Dismiss the report?',
    text: 'The message stays. All open reports of it are closed.',
    act: 'Dismiss',
    done: 'The report is dismissed',
  },
  delete_message: {
    ask: 'Delete the message',
    title: 'Delete the message?',
    text: 'It goes for everybody in the room, at once and for good. All open reports of it are closed.',
    act: 'Delete the message',
    done: 'The message is deleted',
  },
}

export const REASON_CHARACTERS = { min: 3, max: 500 } as const

/** What is wrong with a reason, or undefined. */
export function problemOfReason(reason: string): string | undefined {
  const { length } = [...reason.trim()]
  if (length >= REASON_CHARACTERS.min && length <= REASON_CHARACTERS.max) return undefined
  return `Write ${REASON_CHARACTERS.min} to ${REASON_CHARACTERS.max} characters: others will read why`
}

export interface Case {
  /** The newest report, by which all of the message are decided. */
  report: Report
  others: Report[]
}

/** Open reports of one message are one case: a decision on one is a decision on all. What is decided stands alone. */
export function casesOf(reports: readonly Report[]): Case[] {
  const cases = new Map<string, Case>()
  for (const report of reports) {
    const key = report.status === 'open' ? report.message.id : report.id
    const known = cases.get(key)
    if (known) known.others.push(report)
    else cases.set(key, { report, others: [] })
  }
  return [...cases.values()]
}

/** Who has decided, as far as a page may know: it has ids of people only. */
export function decidedLine({ status, decidedBy }: Report, ownId: string): string {
  return `${STATUS_WORDS[status]} by ${decidedBy === ownId ? 'you' : 'another moderator'}`
}
