import type { Limits } from '../../client/index.ts'
import { ErrorState } from '../components/error-state.tsx'
import { PageSection } from '../components/page-frame.tsx'
import { type Column, Table } from '../components/table.tsx'
import { useLoad } from '../components/use-load.ts'
import { useWorkspace } from '../workspace.ts'
import { AdminFrame } from './admin-frame.tsx'
import { State } from './facts.tsx'
import { formatCount, formatSeconds } from './formats.ts'

type Policy = Limits['policies'][number]

const WHOSE = {
  user: 'Each person',
  address: 'Each address',
  caller: 'Each person, or their address',
  'mail-address': 'Each mail address that is named',
} as const

const COLUMNS: Column<Policy>[] = [
  { key: 'name', title: 'Limit', render: ({ name }) => <code>{name}</code> },
  { key: 'by', title: 'Counts', render: ({ by, perRoute }) => `${WHOSE[by]}${perRoute ? ', by route' : ''}` },
  { key: 'limit', title: 'May do', isNumber: true, render: (policy) => formatCount(policy.limit) },
  { key: 'window', title: 'Within', isNumber: true, render: (policy) => formatSeconds(policy.windowSeconds) },
  {
    key: 'exact',
    width: '6.5rem',
    title: 'Asked',
    isShort: true,
    render: ({ exact }) => (exact ? 'Each time' : 'At times'),
  },
  {
    key: 'outage',
    title: 'If it cannot be asked',
    render: ({ exact, onOutage }) =>
      onOutage === 'closed' ? <State tone="wait">Nobody passes</State> : exact ? 'Counted on the spot' : 'Goes on',
  },
]

/** Every limit as it holds here. */
export function LimitsPage() {
  const { client } = useWorkspace()
  const limits = useLoad((signal) => client.operations.limits({ signal }), [client])
  const policies = limits.data?.policies ?? []
  const scale = limits.data?.scale ?? 1
  return (
    <AdminFrame part="limits" about="How much anybody may do, as it holds on this system.">
      {limits.status === 'failed' ? (
        <ErrorState problem={limits.problem} onRetry={limits.reload} />
      ) : (
        <>
          <PageSection
            title="Rates"
            about={
              limits.data &&
              `${scale === 1 ? 'As they are written' : `Multiplied by ${formatCount(scale)} here`}. ` +
                `What is asked each time is counted in ${limits.data.countedBy === 'upstash' ? 'Upstash' : 'Durable Objects'}.`
            }
          >
            <Table
              caption="Rates"
              columns={COLUMNS}
              rows={policies.filter(({ isLockOut }) => !isLockOut)}
              keyOf={({ name }) => name}
              isLoading={limits.data === null}
              testId="limits"
            />
          </PageSection>
          <PageSection title="Lock-outs" about="They protect accounts from guessing, and are the same on every system.">
            <Table
              caption="Lock-outs"
              columns={COLUMNS}
              rows={policies.filter(({ isLockOut }) => isLockOut)}
              keyOf={({ name }) => name}
              isLoading={limits.data === null}
            />
          </PageSection>
        </>
      )}
    </AdminFrame>
  )
}
