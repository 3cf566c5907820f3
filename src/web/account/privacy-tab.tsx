import { useState } from 'preact/hooks'
import type { BlockedPerson } from '../../client/index.ts'
import { Avatar } from '../components/avatar.tsx'
import { Button } from '../components/button.tsx'
import { ErrorState } from '../components/error-state.tsx'
import { List, ListRow } from '../components/list.tsx'
import { Notice } from '../components/notice.tsx'
import { PageSection } from '../components/page-frame.tsx'
import { SkeletonRows } from '../components/skeleton.tsx'
import { toast } from '../components/toast.tsx'
import { useAction } from '../components/use-action.ts'
import { usePages } from '../components/use-pages.ts'
import { fullName } from '../names.ts'
import { timeAgo } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import { OwnData } from './own-data.tsx'

export function PrivacyTab() {
  return (
    <>
      <BlockedPeople />
      <OwnData />
    </>
  )
}

/** Whom one has blocked, and the way back. */
function BlockedPeople() {
  const { client, blocks } = useWorkspace()
  const pages = usePages((cursor, signal) => client.people.blocked({ cursor }, { signal }), [client])
  const [unblocking, setUnblocking] = useState<string | null>(null)
  const unblock = useAction(async (person: BlockedPerson) => {
    setUnblocking(person.id)
    try {
      await blocks.unblock(person.id)
    } finally {
      setUnblocking(null)
    }
    pages.change((people) => people.filter(({ id }) => id !== person.id))
    toast({
      text: `${fullName(person)} can write to you again`,
      action: {
        label: 'Block again',
        onPress: () => void blocks.block(person).then(pages.reload),
      },
    })
  })
  return (
    <PageSection
      title="Blocked people"
      about="They cannot write to you alone, and what they say in groups is hidden from you. They are not told."
    >
      {pages.status === 'loading' && pages.items.length === 0 && (
        <SkeletonRows count={2} label="Loading whom you have blocked" />
      )}
      {pages.status === 'failed' && <ErrorState problem={pages.problem} onRetry={pages.reload} />}
      {pages.status === 'ready' && pages.items.length === 0 && (
        <Notice title="Nobody is blocked" testId="nobody-blocked">
          <p>You can block somebody from their conversation or their profile.</p>
        </Notice>
      )}
      {pages.items.length > 0 && (
        <List label="Blocked people" testId="blocked-people">
          {pages.items.map((person) => (
            <ListRow
              key={person.id}
              testId="blocked-person"
              lead={<Avatar id={person.id} name={fullName(person)} />}
              title={fullName(person)}
              text={`@${person.username} · blocked ${timeAgo(person.blockedAt)}`}
              actions={
                <Button
                  onPress={() => void unblock.run(person)}
                  isBusy={unblocking === person.id}
                  label={`Unblock ${fullName(person)}`}
                  testId="unblock"
                >
                  Unblock
                </Button>
              }
            />
          ))}
        </List>
      )}
      {pages.hasMore && (
        <div class="inbox-more">
          <Button onPress={pages.loadMore} isBusy={pages.isLoadingMore}>
            Show more
          </Button>
        </div>
      )}
    </PageSection>
  )
}
