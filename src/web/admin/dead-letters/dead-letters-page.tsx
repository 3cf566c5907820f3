import type { DeadLetter } from '../../../client/index.ts'
import { ErrorState } from '../../components/error-state.tsx'
import { Notice } from '../../components/notice.tsx'
import { Select } from '../../components/select.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { usePages } from '../../components/use-pages.ts'
import { ADDRESSES, followInside, hrefOf, hrefWith, replace, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { listTime } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { DeadLetterDetails } from './dead-letter-details.tsx'
import { LetterState } from './letter-state.tsx'

const FILTERS = [
  { value: 'waiting', label: 'Waiting for a decision' },
  { value: 'redriven', label: 'Tried again' },
  { value: 'discarded', label: 'Given up for good' },
  { value: 'all', label: 'All' },
] as const
type Filter = (typeof FILTERS)[number]['value']

const EMPTY: Record<Filter, string> = {
  waiting: 'Every message had its effect, or was decided on.',
  redriven: 'Nobody has had a message tried again.',
  discarded: 'Nobody has given up a message for good.',
  all: 'No message has ever failed as often as it is tried.',
}

const letterHref = ({ id }: DeadLetter) => hrefWith({ letter: id })

const COLUMNS: Column<DeadLetter>[] = [
  {
    key: 'event',
    title: 'Message',
    width: '32%',
    render: (letter) => (
      <span class="two-lines">
        <a class="inline-link" href={letterHref(letter)} onClick={followInside} data-testid="dead-letter">
          {letter.eventType ?? 'Nobody understands it'}
        </a>
        {letter.subscriber && <code>{letter.subscriber}</code>}
      </span>
    ),
  },
  {
    key: 'error',
    title: 'Last error',
    render: ({ lastError }) => <span class="clamp">{lastError ?? 'not told'}</span>,
  },
  { key: 'attempts', title: 'Tries', isNumber: true, render: ({ attempts }) => attempts },
  { key: 'state', title: 'State', isShort: true, render: ({ status }) => <LetterState status={status} /> },
  {
    key: 'seen',
    title: 'Last failed',
    render: ({ lastSeenAt }) => <time dateTime={lastSeenAt}>{listTime(lastSeenAt)}</time>,
  },
]

/** Messages that failed as often as they are tried, and what is decided on them. */
export function DeadLettersPage() {
  const { letter } = useStore(route).query
  return letter === undefined ? <DeadLetterList /> : <DeadLetterDetails key={letter} id={letter} />
}

function DeadLetterList() {
  const { client } = useWorkspace()
  const { status } = useStore(route).query
  const filter = FILTERS.find(({ value }) => value === status)?.value ?? 'waiting'
  const letters = usePages(
    (cursor, signal) =>
      client.operations.deadLetters({ cursor, ...(filter === 'all' ? {} : { status: filter }) }, { signal }),
    [client, filter],
  )
  return (
    <AdminFrame part="dead-letters" about="Messages that failed as often as they are tried.">
      <div class="filters">
        <Select
          label="Show"
          options={FILTERS}
          value={filter}
          onChange={(value) => replace(hrefOf(ADDRESSES.adminDeadLetters, { status: value }))}
          testId="dead-letter-filter"
        />
      </div>
      {letters.status === 'failed' ? (
        <ErrorState problem={letters.problem} onRetry={letters.reload} />
      ) : (
        <Table
          caption="Dead letters, newest first"
          columns={COLUMNS}
          rows={letters.items}
          keyOf={({ id }) => id}
          isLoading={letters.status === 'loading'}
          hasMore={letters.hasMore}
          onMore={letters.loadMore}
          isLoadingMore={letters.isLoadingMore}
          empty={
            <Notice title={filter === 'waiting' ? 'Nothing waits' : 'Nothing here'} withMark testId="no-dead-letters">
              <p>{EMPTY[filter]}</p>
            </Notice>
          }
          testId="dead-letters"
        />
      )}
    </AdminFrame>
  )
}
