import { useState } from 'preact/hooks'
import type { LiveFigures } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Icon } from '../../components/icon.tsx'
import { Notice } from '../../components/notice.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { Table } from '../../components/table.tsx'
import { hrefWith, replace, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { formatCount } from '../formats.ts'
import { ActivityReport } from './activity-report.tsx'
import { cardsOf } from './cards.ts'
import { FigureCard } from './figure-card.tsx'
import { Highlights } from './highlights.tsx'
import { RangeChoice, rangeOf } from './range-choice.tsx'
import { useFigures } from './use-figures.ts'

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** What the system does, as it counts itself. */
export function OverviewPage() {
  return (
    <AdminFrame part="overview" about="What the system does, as it counts itself, some seconds late.">
      <Overview />
    </AdminFrame>
  )
}

function Overview() {
  const { user } = useWorkspace()
  const range = rangeOf(useStore(route).query.range)
  const [isPaused, setPaused] = useState(false)
  const figures = useFigures(range.minutes, isPaused)
  const { data, cameAt } = figures
  return (
    <>
      <div class="figures-bar">
        <RangeChoice range={range} onPick={(id) => replace(hrefWith({ range: id }))} />
        <p class="figures-when" data-testid="figures-when">
          {figures.status === 'failed' && data ? (
            <span class="error-text">They do not come just now</span>
          ) : (
            cameAt && `${isPaused ? 'Paused at' : 'As of'} ${clock.format(cameAt)}`
          )}
        </p>
        <Button
          kind="icon"
          label="Read them now"
          onPress={figures.reload}
          isBusy={figures.status === 'loading' && data !== null}
          testId="figures-now"
        >
          <Icon name="refresh" />
        </Button>
        <Button onPress={() => setPaused(!isPaused)} testId="figures-pause">
          {isPaused ? 'Go on' : 'Pause'}
        </Button>
      </div>
      {data ? (
        <Figures figures={data} range={range.title} />
      ) : figures.status === 'failed' ? (
        <ErrorState problem={figures.problem} onRetry={figures.reload} />
      ) : (
        <SkeletonRows count={6} label="Reading the figures" />
      )}
      {user.permissions.includes('view:analytics') && <ActivityReport />}
    </>
  )
}

function Figures({ figures, range }: { figures: LiveFigures; range: string }) {
  const hasAny = [...figures.requests.all, ...figures.queues.handled, ...figures.sockets.user].some((n) => n > 0)
  if (!hasAny) {
    return (
      <Notice title="Nothing was counted yet" withMark level={2} testId="no-figures">
        <p>As soon as somebody does something, it shows here some seconds later.</p>
      </Notice>
    )
  }
  return (
    <>
      <Highlights figures={figures} range={range} />
      <div class="figure-grid">
        {cardsOf(figures).map((card) => (
          <FigureCard key={card.id} card={card} times={figures.times} />
        ))}
      </div>
      {figures.refused.byPolicy.length > 0 && (
        <PageSection title="Which limits refused" about={range}>
          <Table
            caption="Refusals by limit"
            rows={figures.refused.byPolicy}
            keyOf={({ policy }) => policy}
            columns={[
              { key: 'policy', title: 'Limit', render: ({ policy }) => <code>{policy}</code> },
              { key: 'count', title: 'Requests', isNumber: true, render: ({ count }) => formatCount(count) },
            ]}
          />
        </PageSection>
      )}
    </>
  )
}
