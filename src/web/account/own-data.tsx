import { useState } from 'preact/hooks'
import type { AccountExport } from '../../client/index.ts'
import { Button } from '../components/button.tsx'
import { ErrorState } from '../components/error-state.tsx'
import { Icon } from '../components/icon.tsx'
import { PageSection } from '../components/page-frame.tsx'
import { Progress } from '../components/progress.tsx'
import { type Column, Table } from '../components/table.tsx'
import { toast } from '../components/toast.tsx'
import { fullTime, timeAgo } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import { actInWords } from './act-words.ts'
import { factsOf } from './own-data-facts.ts'
import { saveAsFile } from './save-as-file.ts'

/** What both lists of acts have. */
type Act = Pick<AccountExport['acts'][number], 'action' | 'at' | 'ip' | 'device'>

type Loading =
  | { kind: 'idle' }
  | { kind: 'loading'; wants: 'look' | 'file' }
  | { kind: 'ready'; data: AccountExport }
  | { kind: 'failed'; problem: unknown; wants: 'look' | 'file' }

const ACTS_AT_ONCE = 15

/** What is kept of the account: a summary to look at here, and all of it to take away as a file. */
export function OwnData() {
  const { client, user } = useWorkspace()
  const [state, setState] = useState<Loading>({ kind: 'idle' })

  const save = (data: AccountExport) => {
    saveAsFile(`selvage-${user.username}-${data.exportedAt.slice(0, 10)}.json`, JSON.stringify(data, null, 2))
    toast({ text: 'Your data is in your downloads', tone: 'good' })
  }
  const load = async (wants: 'look' | 'file') => {
    if (state.kind === 'loading') return
    if (state.kind === 'ready' && wants === 'file') return save(state.data)
    setState({ kind: 'loading', wants })
    try {
      const data = await client.account.data()
      setState({ kind: 'ready', data })
      if (wants === 'file') save(data)
    } catch (problem) {
      setState({ kind: 'failed', problem, wants })
    }
  }
  return (
    <PageSection
      title="Your data"
      about="What is kept of you: what you gave, how and where you sign in, your rooms, whom you blocked, what you reported, what you were told, what was done to your account and what you did. The file has all of it. What you wrote stands in your rooms, as do your mutes and invitations."
      actions={
        <>
          <Button onPress={() => void load('look')} testId="data-show">
            {state.kind === 'ready' ? 'Read it again' : 'Show a summary'}
          </Button>
          <Button onPress={() => void load('file')} testId="data-download">
            <Icon name="download" />
            Download
          </Button>
        </>
      }
    >
      {state.kind === 'loading' && <Progress label="Gathering what is kept of you" />}
      {state.kind === 'failed' && <ErrorState problem={state.problem} onRetry={() => void load(state.wants)} />}
      {state.kind === 'ready' && <DataShown data={state.data} />}
    </PageSection>
  )
}

const COLUMNS: Column<Act>[] = [
  { key: 'action', title: 'What', render: ({ action }) => actInWords(action) },
  {
    key: 'at',
    title: 'When',
    render: ({ at }) => (
      <time dateTime={at} title={fullTime(at)}>
        {timeAgo(at)}
      </time>
    ),
  },
  {
    key: 'from',
    title: 'From where',
    render: ({ ip, device }) => [device?.name, ip].filter(Boolean).join(', ') || 'Unknown',
  },
]

function DataShown({ data }: { data: AccountExport }) {
  return (
    <div class="own-data" data-testid="own-data">
      <dl class="facts">
        {factsOf(data).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>What was done</h3>
      <Acts caption="What was done to your account, newest first" acts={data.acts} />
      {data.actsBy.length > 0 && (
        <>
          <h3>What you did</h3>
          <Acts caption="What you did to anything else, newest first" acts={data.actsBy} />
        </>
      )}
    </div>
  )
}

function Acts({ caption, acts }: { caption: string; acts: readonly Act[] }) {
  const [shown, setShown] = useState(ACTS_AT_ONCE)
  return (
    <Table
      caption={caption}
      columns={COLUMNS}
      rows={acts.slice(0, shown)}
      keyOf={({ at, action }) => `${at} ${action}`}
      hasMore={acts.length > shown}
      onMore={() => setShown(shown + ACTS_AT_ONCE)}
    />
  )
}
