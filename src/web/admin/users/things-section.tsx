import { useState } from 'preact/hooks'
import type { ThingGrant, UserDetails } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Notice } from '../../components/notice.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { usePages } from '../../components/use-pages.ts'
import { fullName } from '../../names.ts'
import { followInside } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'
import { formatMoment } from '../formats.ts'
import { ReasonDialog } from '../reason-dialog.tsx'
import { whyOutOfReach } from './reach.ts'
import { actionInWords, type Choice, ThingChoice } from './thing-choice.tsx'
import { userHref } from './user-href.ts'

/** What of others is open to somebody, thing by thing. */
export function ThingsSection({ user }: { user: UserDetails }) {
  const { client, user: me } = useWorkspace()
  const things = usePages((cursor, signal) => client.access.things(user.id, { cursor }, { signal }), [client, user.id])
  const kinds = useLoad((signal) => client.access.resources({ signal }), [client])
  const [choice, setChoice] = useState<Choice | null>(null)
  const [closing, setClosing] = useState<ThingGrant | null>(null)
  const [isMissing, setMissing] = useState(false)
  const change = useAction(
    async ({ resource, resourceId, action }: Omit<Choice, 'people'>, isGiven: boolean, reason: string) => {
      const about = { resource, resourceId, action, userId: user.id, reason }
      await (isGiven ? client.access.grantOnThing(about) : client.access.revokeOnThing(about))
      setChoice(null)
      setClosing(null)
      things.reload()
      toast({ text: isGiven ? 'It is open to them.' : 'It is closed to them.', tone: 'good' })
    },
    { onProblem: () => undefined },
  )
  const mayChange = whyOutOfReach(me, user) === null
  const [first] = kinds.data ?? []
  const begin = () => {
    setMissing(false)
    if (first) setChoice({ resource: first.resource, action: first.actions[0] ?? '', resourceId: '', people: [] })
  }
  const open = (reason: string) => {
    setMissing(choice?.resourceId === '')
    if (choice && choice.resourceId !== '') void change.run(choice, true, reason)
  }
  return (
    <PageSection
      title="Single things"
      about="What they may do with one thing that is not theirs, besides what they may do with everybody’s."
      actions={
        mayChange &&
        first && (
          <Button onPress={begin} testId="open-thing">
            Open another
          </Button>
        )
      }
    >
      {things.status === 'failed' ? (
        <ErrorState problem={things.problem} onRetry={things.reload} />
      ) : (
        <Table
          caption={`Single things that are open to ${fullName(user)}`}
          columns={columnsWith(mayChange, setClosing)}
          rows={things.items}
          keyOf={({ resource, resourceId, action }) => `${resource} ${resourceId} ${action}`}
          isLoading={things.status === 'loading'}
          hasMore={things.hasMore}
          onMore={things.loadMore}
          isLoadingMore={things.isLoadingMore}
          empty={<Notice title="Nothing besides" testId="no-things" />}
          testId="things"
        />
      )}
      {choice && (
        <ReasonDialog
          title="Open one more"
          text={`${fullName(user)} may then do this with this one thing.`}
          action="Open it"
          isBusy={change.isBusy}
          problem={change.problem}
          onGo={open}
          onClose={() => setChoice(null)}
        >
          <ThingChoice
            kinds={kinds.data ?? []}
            choice={choice}
            onChange={setChoice}
            error={isMissing ? 'Choose it first' : undefined}
          />
        </ReasonDialog>
      )}
      {closing && (
        <ReasonDialog
          title="Close it to them"
          text={`${fullName(user)} may then no longer do this: ${actionInWords(closing.action)}, ${nameOf(closing)}.`}
          action="Close it"
          isDanger
          isBusy={change.isBusy}
          problem={change.problem}
          onGo={(reason) => void change.run(closing, false, reason)}
          onClose={() => setClosing(null)}
        />
      )}
    </PageSection>
  )
}

function nameOf({ resource, resourceId, name }: ThingGrant): string {
  if (name === null) return `${resource} ${resourceId}`
  return resource === 'user' ? `@${name}` : name
}

function ThingName({ grant }: { grant: ThingGrant }) {
  if (grant.resource !== 'user') return <>{nameOf(grant)}</>
  return (
    <a class="inline-link" href={userHref(grant.resourceId)} onClick={followInside}>
      {nameOf(grant)}
    </a>
  )
}

function columnsWith(mayChange: boolean, onClose: (grant: ThingGrant) => void): Column<ThingGrant>[] {
  const columns: Column<ThingGrant>[] = [
    { key: 'action', title: 'May', isShort: true, render: ({ action }) => actionInWords(action) },
    { key: 'thing', title: 'On', render: (grant) => <ThingName grant={grant} /> },
    {
      key: 'since',
      title: 'Since',
      render: ({ createdAt }) => <time dateTime={createdAt}>{formatMoment(createdAt)}</time>,
    },
  ]
  if (!mayChange) return columns
  return [
    ...columns,
    {
      key: 'close',
      title: 'Close',
      isShort: true,
      render: (grant) => (
        <Button
          kind="text"
          label={`Close ${nameOf(grant)} to them`}
          onPress={() => onClose(grant)}
          testId="close-thing"
        >
          Close
        </Button>
      ),
    },
  ]
}
