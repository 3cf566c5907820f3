import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Report } from '../../client/index.ts'
import { mayModerate } from '../account/permissions.ts'
import { Button } from '../components/button.tsx'
import { ErrorState } from '../components/error-state.tsx'
import { Icon } from '../components/icon.tsx'
import { Notice } from '../components/notice.tsx'
import { PageFrame } from '../components/page-frame.tsx'
import { passFocusOn } from '../components/pass-focus.ts'
import { SkeletonRows } from '../components/skeleton.tsx'
import { Tabs } from '../components/tabs.tsx'
import { usePages } from '../components/use-pages.ts'
import { ADDRESSES, hrefOf, route } from '../route.ts'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { DecideDialog } from './decide-dialog.tsx'
import { ReportCard } from './report-card.tsx'
import { casesOf, type Decision, type Status } from './report-texts.ts'

const FILTERS = [
  { id: 'open', label: 'Open', status: 'open' },
  { id: 'upheld', label: 'Deleted', status: 'upheld' },
  { id: 'dismissed', label: 'Dismissed', status: 'dismissed' },
  { id: 'all', label: 'All', status: undefined },
] as const satisfies { id: string; label: string; status: Status | undefined }[]

const EMPTY: Record<(typeof FILTERS)[number]['id'], [title: string, text: string]> = {
  open: ['Nothing waits', 'When somebody reports a message, it stands here until it is decided on.'],
  upheld: ['Nothing was deleted', 'Messages that were deleted for a report are kept here, with who said why.'],
  dismissed: ['Nothing was dismissed', 'Reports that came to nothing are kept here, with the reason.'],
  all: ['No reports yet', 'When somebody reports a message, it stands here.'],
}

interface ReportsPageProps {
  /** The tabs of the operators' area. */
  nav?: ComponentChildren
}

const FRAME = { title: 'Reports', about: 'Messages that people want somebody to look at.' } as const

/** What people have reported, for those who may decide on it. */
export function ReportsPage({ nav }: ReportsPageProps) {
  const { user } = useWorkspace()
  if (mayModerate(user)) return <Reports nav={nav} />
  return (
    <PageFrame {...FRAME} nav={nav}>
      <Notice title="This is for moderators" withMark testId="forbidden">
        <p>Your account may not see reports. Whoever looks after this place can change that.</p>
      </Notice>
    </PageFrame>
  )
}

function Reports({ nav }: ReportsPageProps) {
  const { client } = useWorkspace()
  const { status: wanted } = useStore(route).query
  const filter = FILTERS.find(({ id }) => id === wanted) ?? FILTERS[0]
  const pages = usePages(
    (cursor, signal) => client.moderation.reports({ cursor, status: filter.status }, { signal }),
    [client, filter.id],
  )
  const [deciding, setDeciding] = useState<{ report: Report; decision: Decision } | null>(null)

  /** The same holds for all open ones of its message. Where open ones are asked for, they leave the list. */
  const settle = (decided: Report) => {
    const { status, decidedAt, decidedBy, reason } = decided
    const outcome = { status, decidedAt, decidedBy, reason }
    const keepFocus = passFocusOn(document.querySelector(`[data-report-id="${decided.id}"]`))
    pages.change((reports) =>
      reports
        .map((one) => (one.message.id === decided.message.id && one.status === 'open' ? { ...one, ...outcome } : one))
        .filter((one) => filter.status === undefined || one.status === filter.status),
    )
    keepFocus()
  }
  const cases = casesOf(pages.items)
  const [emptyTitle, emptyText] = EMPTY[filter.id]
  return (
    <PageFrame
      {...FRAME}
      nav={nav}
      actions={
        <Button
          kind="icon"
          label="Look again"
          onPress={pages.reload}
          isBusy={pages.status === 'loading'}
          testId="reports-reload"
        >
          <Icon name="refresh" />
        </Button>
      }
    >
      <Tabs
        label="Which reports"
        active={filter.id}
        items={FILTERS.map(({ id, label }) => ({
          id,
          label,
          href: hrefOf(ADDRESSES.adminReports, id === 'open' ? {} : { status: id }),
          testId: `reports-${id}`,
        }))}
      />
      <div class="reports" data-testid="reports" data-status={pages.status} aria-busy={pages.status === 'loading'}>
        {pages.status === 'loading' && cases.length === 0 && <SkeletonRows count={3} label="Loading reports" />}
        {pages.status === 'failed' && <ErrorState problem={pages.problem} onRetry={pages.reload} />}
        {pages.status === 'ready' && cases.length === 0 && (
          <Notice title={emptyTitle} withMark testId="reports-empty">
            <p>{emptyText}</p>
          </Notice>
        )}
        {cases.map(({ report, others }) => (
          <ReportCard
            key={report.id}
            report={report}
            others={others}
            onDecide={(decision) => setDeciding({ report, decision })}
          />
        ))}
        {pages.hasMore && (
          <div class="inbox-more">
            <Button onPress={pages.loadMore} isBusy={pages.isLoadingMore}>
              Show older ones
            </Button>
          </div>
        )}
      </div>
      {deciding && (
        <DecideDialog
          {...deciding}
          onDecided={(decided) => {
            settle(decided)
            setDeciding(null)
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </PageFrame>
  )
}
