import { useEffect, useState } from 'preact/hooks'
import { Avatar } from '../components/avatar.tsx'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Icon } from '../components/icon.tsx'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { titleOf } from './person-names.ts'
import { hidePerson, type KnownPerson, shownPerson } from './shown-person.ts'
import { useBlock } from './use-block.tsx'
import { useOpenPrivate } from './use-open-private.ts'

/** The card of whoever was asked for; drawn once a page. */
export function PersonCard() {
  const { person } = useStore(shownPerson)
  useEffect(() => hidePerson, [])
  return person && <Card key={person.id} known={person} />
}

function Card({ known }: { known: KnownPerson }) {
  const { user } = useWorkspace()
  const person = usePerson(known)
  const open = useOpenPrivate()
  const isSelf = person.id === user.id
  const { isBlocked, ...blocking } = useBlock(person)
  return (
    <Dialog title={titleOf(person)} onClose={hidePerson} size="s" testId="person-card">
      <div class="person-card">
        <Avatar id={person.id} name={titleOf(person)} />
        <p class="person-username">@{person.username}</p>
        {isSelf && <p class="person-about">This is you.</p>}
        {isBlocked && (
          <p class="person-about" data-testid="person-blocked">
            You have blocked {titleOf(person)}. Neither of you can write to the other, and what they write in groups is
            folded away for you.
          </p>
        )}
      </div>
      {!isSelf && (
        <div class="person-actions">
          <Button
            kind="primary"
            disabled={isBlocked}
            isBusy={open.isBusy}
            onPress={async () => {
              await open.run(person.id)
              hidePerson()
            }}
            testId="person-message"
          >
            <Icon name="send" />
            Message
          </Button>
          {isBlocked ? (
            <Button isBusy={blocking.isBusy} onPress={() => void blocking.unblock()} testId="person-unblock">
              Unblock
            </Button>
          ) : (
            <Button isBusy={blocking.isBusy} onPress={() => void blocking.block()} testId="person-block">
              <Icon name="ban" />
              Block
            </Button>
          )}
        </div>
      )}
    </Dialog>
  )
}

/** Where only the username was at hand, the whole name is looked for; who cannot be found keeps the username. */
function usePerson(known: KnownPerson): KnownPerson {
  const { client, user, rooms } = useWorkspace()
  const [found, setFound] = useState<KnownPerson | null>(null)
  useEffect(() => {
    if (known.firstName || known.id === user.id) return
    const stop = new AbortController()
    client.people.search(known.username, { signal: stop.signal }).then(
      (people) => setFound(people.find(({ id }) => id === known.id) ?? null),
      () => {},
    )
    return () => stop.abort()
  }, [known.id])
  if (known.id === user.id) return user
  const peer = rooms.state.value.rooms.find((room) => room.peer?.id === known.id)?.peer
  return found ?? peer ?? known
}
