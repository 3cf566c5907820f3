import type { LiveFigures } from '../../../client/index.ts'
import { formatCount, formatMs } from '../formats.ts'
import type { Line } from './plot.tsx'

export interface Card {
  id: string
  title: string
  about: string
  lines: Line[]
  format: (value: number) => string
}

const [FIRST, SECOND, THIRD] = ['--indigo', '--swatch-3-ink', '--thread'] as const

/** What the overview draws, in its order. */
export function cardsOf(figures: LiveFigures): Card[] {
  const { requests, latency, database, objects, queues, sockets, refused, stepSeconds } = figures
  const each = stepSeconds === 60 ? 'a minute' : stepSeconds === 3_600 ? 'an hour' : `in ${stepSeconds / 60} minutes`
  const counts = { format: formatCount }
  return [
    {
      id: 'requests',
      title: 'Requests',
      about: `Answered ${each}, and how many of them were mistakes of callers or of ours.`,
      ...counts,
      lines: [
        { label: 'All', values: requests.all, color: FIRST },
        { label: 'Refused (4xx)', values: requests.clientErrors, color: SECOND },
        { label: 'Failed (5xx)', values: requests.serverErrors, color: THIRD },
      ],
    },
    {
      id: 'latency',
      title: 'Time to answer',
      about: 'In milliseconds: half of the requests, 95 and 99 of a hundred took no longer.',
      format: formatMs,
      lines: [
        { label: 'Half', values: latency.p50, color: FIRST },
        { label: '95 %', values: latency.p95, color: SECOND },
        { label: '99 %', values: latency.p99, color: THIRD },
      ],
    },
    {
      id: 'rows',
      title: 'Database',
      about: `Queries, and rows that they read and wrote, ${each}.`,
      ...counts,
      lines: [
        { label: 'Rows read', values: database.rowsRead, color: FIRST },
        { label: 'Rows written', values: database.rowsWritten, color: SECOND },
        { label: 'Queries', values: database.queries, color: THIRD },
      ],
    },
    {
      id: 'objects',
      title: 'Objects',
      about: `Calls to rooms and other objects, and rows that objects read and wrote, ${each}.`,
      ...counts,
      lines: [
        { label: 'Rows read', values: objects.rowsRead, color: FIRST },
        { label: 'Rows written', values: objects.rowsWritten, color: SECOND },
        { label: 'Calls', values: objects.calls, color: THIRD },
      ],
    },
    {
      id: 'messages',
      title: 'Messages of queues',
      about: `Handled ${each}; failed and tried again; given up.`,
      ...counts,
      lines: [
        { label: 'Handled', values: queues.handled, color: FIRST },
        { label: 'Failed', values: queues.failed, color: SECOND },
        { label: 'Given up', values: queues.buried, color: THIRD },
      ],
    },
    {
      id: 'lag',
      title: 'Lag of effects',
      about: 'In milliseconds, from an event to its effect.',
      format: formatMs,
      lines: [
        { label: 'Half', values: queues.lagP50, color: FIRST },
        { label: '95 %', values: queues.lagP95, color: SECOND },
      ],
    },
    {
      id: 'backlog',
      title: 'Waiting in queues',
      about: 'Messages, looked at each minute.',
      ...counts,
      lines: [{ label: 'Messages', values: queues.backlog, color: FIRST }],
    },
    {
      id: 'sockets',
      title: 'Open sockets',
      about: 'Of people, and of rooms that they look at.',
      ...counts,
      lines: [
        { label: 'Of people', values: sockets.user, color: FIRST },
        { label: 'Of rooms', values: sockets.room, color: SECOND },
      ],
    },
    {
      id: 'refused',
      title: 'Refused by limits',
      about: `Requests that were too many, ${each}.`,
      ...counts,
      lines: [{ label: 'Refused', values: refused.all, color: THIRD }],
    },
  ]
}

export function isEmpty({ lines }: Card): boolean {
  return lines.every(({ values }) => values.every((value) => value === null || value === 0))
}

/** What a picture shows, in a sentence for each line: where it is now, and how far it went. */
export function summaryOf({ title, lines, format }: Card): string {
  const said = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null)
    const newest = known.at(-1)
    if (newest === undefined) return `${label}: nothing`
    return `${label}: ${format(newest)} now, at most ${format(Math.max(...known))}`
  })
  return `${title}. ${said.join('. ')}.`
}
