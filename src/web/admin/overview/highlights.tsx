import type { LiveFigures } from '../../../client/index.ts'
import { formatCount, formatMs } from '../formats.ts'

const sum = (values: readonly number[]) => values.reduce((all, n) => all + n, 0)

/** What one wants to know at a glance. */
export function Highlights({ figures, range }: { figures: LiveFigures; range: string }) {
  const { requests, latency, sockets, queues } = figures
  const all = sum(requests.all)
  const failed = sum(requests.serverErrors)
  const p95 = latency.p95.findLast((ms) => ms !== null) ?? null
  const buried = sum(queues.buried)
  return (
    <dl class="highlights" aria-label={range}>
      <Highlight name="Requests" value={formatCount(all)} testId="highlight-requests" />
      <Highlight name="Failed" value={formatCount(failed)} isBad={failed > 0} />
      <Highlight name="95 % within" value={p95 === null ? '–' : formatMs(p95)} />
      <Highlight name="Sockets open" value={formatCount((sockets.user.at(-1) ?? 0) + (sockets.room.at(-1) ?? 0))} />
      <Highlight name="Messages given up" value={formatCount(buried)} isBad={buried > 0} />
    </dl>
  )
}

function Highlight({ name, value, isBad = false, testId }: HighlightProps) {
  return (
    <div data-bad={isBad}>
      <dt>{name}</dt>
      <dd data-testid={testId}>{value}</dd>
    </div>
  )
}

interface HighlightProps {
  name: string
  value: string
  isBad?: boolean
  testId?: string
}
