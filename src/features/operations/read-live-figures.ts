import type { ServiceContext } from '../../context.ts'
import { MINUTE_MS, SECOND_MS } from '../../platform/clock.ts'
import { FIGURES_SHARDS, SOCKET_SHARDS } from '../../platform/observability/figure-counter.ts'
import { floorTo, stepFor } from '../../platform/observability/figure-steps.ts'
import { type Counts, FIGURE, mergeCounts, quantileOf, series } from '../../platform/observability/figures.ts'
import type { LiveFigures } from './schemas.ts'

/** What all isolates have counted in the last so many minutes. One call to each object that keeps some of it. */
export async function readLiveFigures(ctx: ServiceContext, minutes: number): Promise<LiveFigures> {
  const stepMs = stepFor(minutes)
  const now = ctx.clock()
  const from = floorTo(stepMs, now - minutes * MINUTE_MS) + stepMs
  const starts: number[] = []
  for (let at = from; at <= now; at += stepMs) starts.push(at)

  const readAll = (kind: 'counts' | 'sockets', shards: number) =>
    Promise.all(Array.from({ length: shards }, (_, i) => ctx.figures(`${kind}:${i}`).read({ stepMs, from })))
  const [counted, told] = await Promise.all([readAll('counts', FIGURES_SHARDS), readAll('sockets', SOCKET_SHARDS)])
  const buckets = new Map<number, Counts>(starts.map((at) => [at, {}]))
  for (const [at, counts] of counted.flat()) {
    const bucket = buckets.get(at)
    if (bucket) mergeCounts(bucket, counts)
  }
  return {
    stepSeconds: stepMs / SECOND_MS,
    times: starts.map((at) => at / SECOND_MS),
    ...columnsOf([...buckets.values()]),
    sockets: socketsOf(starts, told),
  }
}

function columnsOf(buckets: Counts[]): Omit<LiveFigures, 'stepSeconds' | 'times' | 'sockets'> {
  const each = (name: string) => buckets.map((counts) => counts[name] ?? 0)
  const sum = (name: string) => buckets.map((counts) => sumOf(counts, name))
  const share = (name: string, of: number) => buckets.map((counts) => quantileOf(counts, name, of))
  return {
    requests: {
      all: sum(FIGURE.requests),
      clientErrors: each(series(FIGURE.requests, '4xx')),
      serverErrors: each(series(FIGURE.requests, '5xx')),
    },
    latency: { p50: share(FIGURE.latency, 0.5), p95: share(FIGURE.latency, 0.95), p99: share(FIGURE.latency, 0.99) },
    database: {
      queries: each(FIGURE.d1Queries),
      rowsRead: each(FIGURE.d1RowsRead),
      rowsWritten: each(FIGURE.d1RowsWritten),
    },
    objects: {
      calls: each(FIGURE.objectHops),
      rowsRead: each(FIGURE.objectRowsRead),
      rowsWritten: each(FIGURE.objectRowsWritten),
    },
    queues: {
      sent: each(FIGURE.queueSends),
      handled: each(series(FIGURE.messages, 'handled')),
      failed: each(series(FIGURE.messages, 'failed')),
      buried: each(series(FIGURE.messages, 'buried')),
      lagP50: share(FIGURE.lag, 0.5),
      lagP95: share(FIGURE.lag, 0.95),
      backlog: buckets.map((counts) =>
        labelsOf(counts, FIGURE.backlog).length > 0 ? sumOf(counts, FIGURE.backlog) : null,
      ),
    },
    refused: { all: sum(FIGURE.refused), byPolicy: refusedByPolicy(buckets) },
  }
}

/** All that objects know of their part. A gauge that says nothing is as it was. */
function socketsOf(starts: number[], told: [at: number, counts: Counts][][]): LiveFigures['sockets'] {
  const standingOf = (part: [at: number, counts: Counts][], kind: string, at: number) =>
    part.findLast(([since]) => since <= at)?.[1][series(FIGURE.sockets, kind)] ?? 0
  const standing = (kind: string) => starts.map((at) => told.reduce((all, part) => all + standingOf(part, kind, at), 0))
  return { user: standing('user'), room: standing('room') }
}

function refusedByPolicy(buckets: Counts[]): LiveFigures['refused']['byPolicy'] {
  const all: Counts = {}
  for (const counts of buckets) mergeCounts(all, counts)
  return labelsOf(all, FIGURE.refused)
    .map((policy) => ({ policy, count: all[series(FIGURE.refused, policy)] ?? 0 }))
    .toSorted((a, b) => b.count - a.count)
}

function labelsOf(counts: Counts, name: string): string[] {
  const start = series(name, '')
  return Object.keys(counts).flatMap((key) => (key.startsWith(start) ? [key.slice(start.length)] : []))
}

function sumOf(counts: Counts, name: string): number {
  return labelsOf(counts, name).reduce((all, label) => all + (counts[series(name, label)] ?? 0), 0)
}
