import type { EventFigures, Health } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Icon } from '../../components/icon.tsx'
import { Notice } from '../../components/notice.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { Table } from '../../components/table.tsx'
import { useLoad } from '../../components/use-load.ts'
import { ADDRESSES, followInside } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { Facts, State } from '../facts.tsx'
import { formatCount, formatMs, formatSeconds } from '../formats.ts'

const DATABASES = { core: 'People and rooms', activity: 'Notifications', catalog: 'Products' } as const

/** Whether all that the service depends on answers, and how far events are behind. */
export function HealthPage() {
  const { client } = useWorkspace()
  const health = useLoad(
    async (signal) => {
      const [checked, version] = await Promise.all([
        client.operations.health({ signal }),
        client.operations.version({ signal }),
      ])
      return { checked, version }
    },
    [client],
  )
  const events = useLoad((signal) => client.operations.events({ signal }), [client])
  const isLoading = health.status === 'loading' || events.status === 'loading'
  const again = () => {
    health.reload()
    events.reload()
  }
  return (
    <AdminFrame
      part="health"
      about="What the service depends on, and how far its events are behind."
      actions={
        <Button onPress={again} isBusy={isLoading && health.data !== null} testId="health-again">
          <Icon name="refresh" />
          Check again
        </Button>
      }
    >
      <PageSection title="Service">
        {health.status === 'failed' ? (
          <ErrorState problem={health.problem} onRetry={health.reload} />
        ) : health.data ? (
          <Service {...health.data} />
        ) : (
          <SkeletonRows count={2} label="Checking" />
        )}
      </PageSection>
      {events.status === 'failed' ? (
        <PageSection title="Events">
          <ErrorState problem={events.problem} onRetry={events.reload} />
        </PageSection>
      ) : (
        <Events figures={events.data} />
      )}
    </AdminFrame>
  )
}

interface ServiceProps {
  checked: Health
  version: { name: string; version: string; environment: string }
}

function Service({ checked, version }: ServiceProps) {
  const checks = Object.entries(checked.checks) as [keyof Health['checks'], Health['checks']['core']][]
  return (
    <>
      <p class="verdict" role="status" data-testid="health-verdict">
        <State tone={checked.status === 'up' ? 'good' : 'bad'}>
          {checked.status === 'up' ? 'Everything answers' : 'Something does not answer'}
        </State>
      </p>
      <Table
        caption="Databases"
        rows={checks}
        keyOf={([name]) => name}
        columns={[
          { key: 'name', title: 'Database', render: ([name]) => DATABASES[name] },
          {
            key: 'status',
            title: 'State',
            render: ([, { status }]) => (
              <State tone={status === 'up' ? 'good' : 'bad'}>{status === 'up' ? 'Up' : 'Down'}</State>
            ),
          },
          { key: 'latency', title: 'Answered in', isNumber: true, render: ([, check]) => formatMs(check.latencyMs) },
        ]}
      />
      <Facts
        facts={[
          ['Service', version.name],
          ['Version', version.version],
          ['Environment', version.environment],
        ]}
      />
    </>
  )
}

function Events({ figures }: { figures: EventFigures | null }) {
  const isLoading = figures === null
  return (
    <>
      <PageSection title="Waiting to be sent" about="Events that are stored and were not handed to a queue yet.">
        <Table
          caption="Outboxes"
          isLoading={isLoading}
          rows={figures?.outboxes ?? []}
          keyOf={({ database }) => database}
          columns={[
            {
              key: 'database',
              title: 'Outbox of',
              render: ({ database }) => DATABASES[database as keyof typeof DATABASES] ?? database,
            },
            { key: 'unsent', title: 'Events', isNumber: true, render: ({ unsent }) => formatCount(unsent) },
            {
              key: 'oldest',
              title: 'Oldest',
              isNumber: true,
              render: ({ oldestUnsentSeconds: seconds }) => (seconds === 0 ? '–' : formatSeconds(seconds)),
            },
          ]}
        />
      </PageSection>
      <PageSection title="Lanes" about="Messages that wait in each queue.">
        <Table
          caption="Queues"
          isLoading={isLoading}
          rows={figures?.lanes ?? []}
          keyOf={({ lane }) => lane}
          columns={[
            { key: 'lane', title: 'Lane', render: ({ lane }) => lane },
            {
              key: 'backlog',
              title: 'Waiting',
              isNumber: true,
              render: ({ backlog }) => (backlog === null ? 'not told' : formatCount(backlog)),
            },
          ]}
        />
        {figures && figures.deadLettersWaiting > 0 && (
          <p>
            <a class="inline-link" href={ADDRESSES.adminDeadLetters} onClick={followInside}>
              {figures.deadLettersWaiting === 1
                ? 'One message was given up'
                : `${formatCount(figures.deadLettersWaiting)} messages were given up`}{' '}
              and waits for a decision
            </a>
          </p>
        )}
      </PageSection>
      <PageSection
        title="Effects"
        about="How long after its event each subscriber had its effect, over its newest ones."
      >
        <Table
          caption="Lag of subscribers"
          isLoading={isLoading}
          rows={figures?.lags ?? []}
          keyOf={({ name }) => name}
          empty={<Notice title="Nobody hears any event" />}
          columns={[
            { key: 'name', title: 'Subscriber', render: ({ name }) => <code>{name}</code> },
            { key: 'lane', title: 'Lane', render: ({ lane }) => lane },
            { key: 'samples', title: 'Looked at', isNumber: true, render: ({ samples }) => samples },
            {
              key: 'median',
              title: 'Median',
              isNumber: true,
              render: ({ samples, medianMs }) => (samples === 0 ? '–' : formatMs(medianMs)),
            },
            {
              key: 'max',
              title: 'Longest',
              isNumber: true,
              render: ({ samples, maxMs }) => (samples === 0 ? '–' : formatMs(maxMs)),
            },
          ]}
        />
      </PageSection>
    </>
  )
}
