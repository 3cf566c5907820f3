import { useState } from 'preact/hooks'
import type { BlockedPerson } from '../../client/index.ts'
import { Avatar } from '../components/avatar.tsx'
import { Button } from '../components/button.tsx'
import { ErrorState } from '../components/error-state.tsx'
import { List, ListRow } from '../components/list.tsx'
import { Notice } from '../components/notice.tsx'
import { PageSection } from '../components/page-frame.tsx'
import { passFocusOn } from '../components/pass-focus.ts'
import { SkeletonRows } from '../components/skeleton.tsx'
import { toast } from '../components/toast.tsx'
import { useAction } from '../components/use-action.ts'
import { fullName } from '../names.ts'
import { useStore } from '../store.ts'
import { timeAgo } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import { DeleteAccount } from './delete-account.tsx'
import { OwnData } from './own-data.tsx'

const SHOWN_AT_ONCE = 20

export function PrivacyTab() {
  return (
    <>
      <BlockedPeople />
      <OwnData />
      <DeleteAccount />
    </>
  )
}

/** Whom one has blocked, and the way back. */
function BlockedPeople() {
  const { blocks } = useWorkspace()
  const { status, people } = useStore(blocks.state)
  const [shown, setShown] = useState(SHOWN_AT_ONCE)
  const unblock = useAction(async (person: BlockedPerson) => {
    const keepFocus = passFocusOn(document.querySelector(`[data-person-id="${person.id}"]`)?.closest('li'))
    const done = blocks.unblock(person.id)
    keepFocus()
    await done
    toast({
      text: `${fullName(person)} can write to you again`,
      action: { label: 'Block again', onPress: () => void block.run(person) },
    })
  })
  const block = useAction((person: BlockedPerson) => blocks.block(person))
  return (
    <PageSection
      title="Blocked people"
      about="They cannot write to you alone, and what they say in groups is hidden from you. They are not told."
    >
      {status === 'loading' && people.length === 0 && <SkeletonRows count={2} label="Loading whom you have blocked" />}
      {status === 'failed' && <ErrorState problem={null} onRetry={() => void blocks.load()} />}
      {status === 'ready' && people.length === 0 && (
        <Notice title="Nobody is blocked" testId="nobody-blocked">
          <p>You can block somebody from their conversation or their profile.</p>
        </Notice>
      )}
      {people.length > 0 && (
        <List label="Blocked people" testId="blocked-people">
          {people.slice(0, shown).map((person) => (
            <ListRow
              key={person.id}
              testId="blocked-person"
              data={{ 'data-person-id': person.id }}
              lead={<Avatar id={person.id} name={fullName(person)} />}
              title={fullName(person)}
              text={`@${person.username} · blocked ${timeAgo(person.blockedAt)}`}
              actions={
                <Button onPress={() => void unblock.run(person)} label={`Unblock ${fullName(person)}`} testId="unblock">
                  Unblock
                </Button>
              }
            />
          ))}
        </List>
      )}
      {people.length > shown && (
        <div class="inbox-more">
          <Button onPress={() => setShown(shown + SHOWN_AT_ONCE)}>Show more</Button>
        </div>
      )}
    </PageSection>
  )
}
