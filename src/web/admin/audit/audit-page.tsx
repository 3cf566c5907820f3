import { useState } from 'preact/hooks'
import type { AuditEntry, AuditSearch } from '../../../client/index.ts'
import { ACTS, isAct } from '../../account/act-words.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Field } from '../../components/field.tsx'
import { Icon } from '../../components/icon.tsx'
import { Notice } from '../../components/notice.tsx'
import { Select } from '../../components/select.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { usePages } from '../../components/use-pages.ts'
import { ADDRESSES, hrefWith, replace, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { actionName, formatMoment, reasonOf } from '../formats.ts'
import { ActDialog } from './act-dialog.tsx'
import { Target, Who } from './act-people.tsx'
import { TextFilter } from './text-filter.tsx'

const columnsWith = (onPick: (entry: AuditEntry) => void): Column<AuditEntry>[] => [
  {
    key: 'action',
    title: 'Act',
    render: ({ action, at }) => (
      <span class="two-lines">
        <strong>{actionName(action)}</strong>
        <time dateTime={at}>{formatMoment(at)}</time>
      </span>
    ),
  },
  { key: 'who', title: 'Who', render: (entry) => <Who entry={entry} /> },
  { key: 'target', title: 'On what', render: (entry) => <Target entry={entry} /> },
  { key: 'reason', title: 'Reason', width: '34%', render: (entry) => reasonOf(entry) ?? '–' },
  {
    key: 'details',
    title: 'Details',
    render: (entry) => (
      <Button
        kind="text"
        label={`Show the details of ${actionName(entry.action)}, ${formatMoment(entry.at)}`}
        onPress={() => onPick(entry)}
        testId="act-details"
      >
        Show
      </Button>
    ),
  },
]

/** Who did what to whom, newest first. */
export function AuditPage() {
  const { client } = useWorkspace()
  const { query } = useStore(route)
  const { action, actor, target, from, to, ip, request } = query
  const search = searchOf(query)
  const acts = usePages(
    (cursor, signal) => client.operations.audit({ cursor, ...search }, { signal }),
    [client, action, actor, target, from, to, ip, request],
  )
  const [shown, setShown] = useState<AuditEntry | null>(null)
  const isFiltered = Object.keys(search).length > 0
  return (
    <AdminFrame part="audit" about="Who did what to whom. Nothing here can be changed or taken out.">
      <div class="filters">
        <div class="filter-wide">
          <Select
            label="Act"
            options={[{ value: '', label: 'Any' }, ...ACTS.map((value) => ({ value, label: actionName(value) }))]}
            value={isAct(action) ? action : ''}
            onChange={(value) => replace(hrefWith({ action: value || null }))}
            testId="audit-action"
          />
        </div>
        <Field
          label="From"
          name="from"
          type="date"
          value={from ?? ''}
          onInput={(value) => replace(hrefWith({ from: value || null }))}
        />
        <Field
          label="Until"
          name="to"
          type="date"
          value={to ?? ''}
          onInput={(value) => replace(hrefWith({ to: value || null }))}
        />
        <TextFilter label="Address" name="ip" value={ip} maxLength={64} />
        <TextFilter label="Request" name="request" value={request} maxLength={128} />
        {isFiltered && (
          <Button kind="text" onPress={() => replace(ADDRESSES.adminAudit)} testId="audit-all">
            Show all
          </Button>
        )}
      </div>
      <Chosen of="Done by" id={actor} take="actor" entries={acts.items} />
      <Chosen of="Done to" id={target} take="target" entries={acts.items} />
      {acts.status === 'failed' ? (
        <ErrorState problem={acts.problem} onRetry={acts.reload} />
      ) : (
        <Table
          caption="Audit trail, newest first"
          columns={columnsWith(setShown)}
          rows={acts.items}
          keyOf={({ id }) => id}
          isLoading={acts.status === 'loading'}
          hasMore={acts.hasMore}
          onMore={acts.loadMore}
          isLoadingMore={acts.isLoadingMore}
          empty={<NothingFound acts={acts} />}
          testId="audit"
        />
      )}
      {shown && <ActDialog entry={shown} onClose={() => setShown(null)} />}
    </AdminFrame>
  )
}

/** A page of a narrow search may be empty and still have a next one. */
function NothingFound({ acts }: { acts: { hasMore: boolean; loadMore: () => void; isLoadingMore: boolean } }) {
  return acts.hasMore ? (
    <Notice title="Nothing among the newest acts" testId="audit-search-on">
      <p>Older ones may fit.</p>
      <Button onPress={acts.loadMore} isBusy={acts.isLoadingMore}>
        Look further back
      </Button>
    </Notice>
  ) : (
    <Notice title="Nothing found" withMark testId="no-acts">
      <p>No act fits what you ask for.</p>
    </Notice>
  )
}

function searchOf({ action, actor, target, from, to, ip, request }: Readonly<Record<string, string>>): AuditSearch {
  return {
    ...(isAct(action) && { action }),
    ...(actor && { actorId: actor }),
    ...(target && { targetId: target }),
    // One character is no address yet.
    ...(ip && ip.length > 1 && { ip }),
    ...(request && { requestId: request }),
    ...(isDay(from) && { from: startOf(from, 0) }),
    // The last day counts as a whole.
    ...(isDay(to) && { to: startOf(to, 1) }),
  }
}

function isDay(text: string | undefined): text is string {
  return text !== undefined && !Number.isNaN(Date.parse(`${text}T00:00`))
}

/** Where a day begins here, or so many days after it. */
function startOf(day: string, later: number): string {
  const date = new Date(`${day}T00:00`)
  date.setDate(date.getDate() + later)
  return date.toISOString()
}

/** Whom or what the list is about, by name where an act of the list tells it. */
function Chosen({
  of,
  id,
  take,
  entries,
}: {
  of: string
  id: string | undefined
  take: string
  entries: AuditEntry[]
}) {
  if (id === undefined) return null
  const entry = entries.find(({ actorId, targetId }) => id === (take === 'actor' ? actorId : targetId))
  const name = take === 'actor' ? entry?.actorUsername : entry?.targetUsername
  return (
    <p class="chosen">
      {of} <strong>{name ? `@${name}` : id}</strong>
      <Button
        kind="icon"
        label={`Not only ${of.toLowerCase()} ${name ?? id}`}
        onPress={() => replace(hrefWith({ [take]: null }))}
      >
        <Icon name="close" />
      </Button>
    </p>
  )
}
