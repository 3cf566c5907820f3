import { useState } from 'preact/hooks'
import type { ThingGrant, UserDetails } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { usePages } from '../../components/use-pages.ts'
import { fullName } from '../../names.ts'
import { useWorkspace } from '../../workspace.ts'
import { formatMoment } from '../formats.ts'
import { ReasonDialog } from '../reason-dialog.tsx'

type Thing = Pick<ThingGrant, 'resource' | 'resourceId' | 'action'>

interface Wish extends Thing {
  isGiven: boolean
}

/** The one kind of thing that can be opened to somebody today. */
const NOBODYS: Wish = { resource: 'user', resourceId: '', action: 'read-access', isGiven: true }

/** What of others is open to somebody, thing by thing. */
export function ThingsSection({ user }: { user: UserDetails }) {
  const { client, user: me } = useWorkspace()
  const things = usePages((cursor, signal) => client.access.things(user.id, { cursor }, { signal }), [client, user.id])
  const [wish, setWish] = useState<Wish | null>(null)
  const change = useAction(
    async ({ isGiven, ...thing }: Wish, reason: string) => {
      const about = { ...thing, resourceId: thing.resourceId.trim(), userId: user.id, reason }
      await (isGiven ? client.access.grantOnThing(about) : client.access.revokeOnThing(about))
      setWish(null)
      things.reload()
      toast({ text: isGiven ? 'It is open to them.' : 'It is closed to them.', tone: 'good' })
    },
    { onProblem: () => undefined },
  )
  const mayChange = me.id !== user.id
  return (
    <PageSection
      title="Single things"
      about="Of whom they may read what that person may do, besides themselves."
      actions={
        mayChange && (
          <Button onPress={() => setWish(NOBODYS)} testId="open-thing">
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
          columns={columnsWith(mayChange, setWish)}
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
      {wish && (
        <ReasonDialog
          title={wish.isGiven ? 'Open one more' : 'Close it to them'}
          text={
            wish.isGiven
              ? `${fullName(user)} may then read what this person may do.`
              : `${fullName(user)} may no longer read what this person may do.`
          }
          action={wish.isGiven ? 'Open it' : 'Close it'}
          isDanger={!wish.isGiven}
          isBusy={change.isBusy}
          problem={change.problem}
          onGo={(reason) => void change.run(wish, reason)}
          onClose={() => setWish(null)}
        >
          {wish.isGiven && (
            <Field
              label="Id of the person"
              name="thing"
              isCode
              value={wish.resourceId}
              onInput={(resourceId) => setWish({ ...wish, resourceId })}
              maxLength={64}
              hint="It stands on the person’s page."
              testId="thing-id"
            />
          )}
        </ReasonDialog>
      )}
    </PageSection>
  )
}

function columnsWith(mayChange: boolean, onPick: (wish: Wish) => void): Column<ThingGrant>[] {
  const columns: Column<ThingGrant>[] = [
    { key: 'action', title: 'May', isShort: true, render: ({ action }) => <code>{action}</code> },
    {
      key: 'thing',
      title: 'On',
      render: ({ resource, resourceId }) => (
        <span class="two-lines">
          {resource}
          <code>{resourceId}</code>
        </span>
      ),
    },
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
      render: ({ resource, resourceId, action }) => (
        <Button
          kind="text"
          label={`Close ${resource} ${resourceId} to them`}
          onPress={() => onPick({ resource, resourceId, action, isGiven: false })}
          testId="close-thing"
        >
          Close
        </Button>
      ),
    },
  ]
}
