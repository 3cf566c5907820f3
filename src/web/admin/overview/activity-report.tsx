import { useState } from 'preact/hooks'
import type { ActivityReport as Report } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { useAction } from '../../components/use-action.ts'
import { useWorkspace } from '../../workspace.ts'
import { formatCount } from '../formats.ts'

const DAYS = 30

const COLUMNS: Column<Report['days'][number]>[] = [
  { key: 'day', title: 'Day', render: ({ day }) => <time dateTime={day}>{day}</time> },
  { key: 'registrations', title: 'Registered', isNumber: true, render: (row) => formatCount(row.registrations) },
  { key: 'signIns', title: 'Sign-ins', isNumber: true, render: (row) => formatCount(row.signIns) },
]

/** Made when it is asked for, as it reads much. */
export function ActivityReport() {
  const { client } = useWorkspace()
  const [report, setReport] = useState<Report | null>(null)
  const making = useAction(async () => setReport(await client.operations.activity(DAYS)), {
    onProblem: () => undefined,
  })
  return (
    <PageSection
      title="Activity"
      about={`Who has registered and signed in, on each of the last ${DAYS} days.`}
      actions={
        <Button onPress={() => void making.run()} isBusy={making.isBusy} testId="make-report">
          {report ? 'Make it anew' : 'Make the report'}
        </Button>
      }
    >
      <p class="error-text" role="alert">
        {making.problem}
      </p>
      {report && (
        <>
          {!report.isComplete && <p>One day had more than a report reads: the oldest acts are missing.</p>}
          <Table
            caption="Activity by day"
            columns={COLUMNS}
            rows={report.days.toReversed()}
            keyOf={({ day }) => day}
            testId="report"
          />
        </>
      )}
    </PageSection>
  )
}
