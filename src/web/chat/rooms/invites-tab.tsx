import { useState } from 'preact/hooks'
import type { Invite, NewInvite, Person, RoomWithMembers } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { CopyField } from '../../components/copy-field.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Icon } from '../../components/icon.tsx'
import { List, ListRow } from '../../components/list.tsx'
import { Select } from '../../components/select.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { fullName } from '../../names.ts'
import { PeoplePicker } from '../../people/people-picker.tsx'
import { joinHref } from '../../route.ts'
import { useStore } from '../../store.ts'
import { fullTime } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from './form-problem.tsx'
import { EXPIRIES, USES } from './room-choices.ts'
import type { RoomDetails } from './room-details-store.ts'
import { timeLeft } from './time-left.ts'

const MOST_AT_ONCE = 10

/** Links for whoever gets them, and invitations for one person each, who decides. */
export function InvitesTab({ details, room }: { details: RoomDetails; room: RoomWithMembers }) {
  const { client } = useWorkspace()
  const { members } = useStore(details.state)
  /** Whom this page has invited: the list knows ids only. */
  const [names, setNames] = useState<Record<string, string>>({})
  const invites = useLoad((signal) => client.rooms.invites(room.id, {}, { signal }), [room.id])
  const add = ({ code: _secret, ...invite }: NewInvite) =>
    invites.change((page) => ({ ...page, items: [invite, ...page.items] }))
  const known = invites.data?.items ?? []
  return (
    <div class="details-part" data-testid="invites-tab">
      <section class="details-section">
        <h3>By link</h3>
        <NewLink roomId={room.id} onMade={add} />
      </section>
      <section class="details-section">
        <h3>By name</h3>
        <ByName
          details={details}
          onMade={(invite, person) => {
            setNames((now) => ({ ...now, [person.id]: fullName(person) }))
            add(invite)
          }}
        />
      </section>
      <section class="details-section">
        <h3>Open invitations {known.length > 0 && <span class="details-count">{known.length}</span>}</h3>
        {invites.status === 'loading' && !invites.data && <SkeletonRows count={2} label="Loading invitations" />}
        {invites.status === 'failed' && <ErrorState problem={invites.problem} onRetry={invites.reload} />}
        {invites.data && known.length === 0 && <p class="details-hint">There is none that could be used.</p>}
        {known.length > 0 && (
          <List label="Open invitations">
            {known.map((invite) => (
              <InviteRow
                key={invite.id}
                roomId={room.id}
                invite={invite}
                by={members.find(({ id }) => id === invite.createdBy)?.username ?? 'somebody who has left'}
                forName={invite.userId && (names[invite.userId] ?? 'one person')}
                onRevoked={() =>
                  invites.change((page) => ({ ...page, items: page.items.filter(({ id }) => id !== invite.id) }))
                }
              />
            ))}
          </List>
        )}
      </section>
    </div>
  )
}

function NewLink({ roomId, onMade }: { roomId: string; onMade: (invite: NewInvite) => void }) {
  const { client } = useWorkspace()
  const [hours, setHours] = useState<(typeof EXPIRIES)[number]['value']>('168')
  const [uses, setUses] = useState<(typeof USES)[number]['value']>('10')
  const [made, setMade] = useState<NewInvite | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const create = useAction(
    async () => {
      setProblem(null)
      const invite = await client.rooms.invite(roomId, { expiresInHours: Number(hours), maxUses: Number(uses) })
      setMade(invite)
      onMade(invite)
    },
    { onProblem: setProblem },
  )
  return (
    <div class="form">
      <FormProblem text={problem} />
      <div class="form-pair">
        <Select label="Good for" options={EXPIRIES} value={hours} onChange={setHours} testId="invite-expiry" />
        <Select label="For" options={USES} value={uses} onChange={setUses} testId="invite-uses" />
      </div>
      <Button isBusy={create.isBusy} onPress={() => void create.run()} testId="create-invite">
        <Icon name="link" />
        {made ? 'Make another link' : 'Make a link'}
      </Button>
      <div role="status">
        {made && (
          <CopyField
            key={made.id}
            label="Invitation link"
            value={new URL(joinHref(roomId, made.code), location.href).href}
            hint="It is shown this once: copy it now. Whoever has it may join."
            testId="invite-link"
          />
        )}
      </div>
    </div>
  )
}

interface ByNameProps {
  details: RoomDetails
  onMade: (invite: NewInvite, person: Person) => void
}

/** One invitation each: they are told of it, and nobody else can use it. */
function ByName({ details, onMade }: ByNameProps) {
  const { client } = useWorkspace()
  const { members } = useStore(details.state)
  const [people, setPeople] = useState<Person[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const send = useAction(
    async () => {
      setProblem(null)
      for (const person of people) {
        onMade(await client.rooms.invite(details.roomId, { userId: person.id }), person)
        // Who has theirs is done with, also where a later one fails.
        setPeople((now) => now.filter(({ id }) => id !== person.id))
      }
      toast({
        text: people.length === 1 ? 'The invitation is on its way' : 'The invitations are on their way',
        tone: 'good',
      })
    },
    { onProblem: setProblem },
  )
  return (
    <div class="form">
      <FormProblem text={problem} />
      <PeoplePicker
        label="People to invite"
        picked={people}
        onChange={setPeople}
        refusalOf={({ id }) => (members.some((member) => member.id === id) ? 'Is a member' : null)}
        most={MOST_AT_ONCE}
      />
      <Button disabled={people.length === 0} isBusy={send.isBusy} onPress={() => void send.run()} testId="send-invites">
        <Icon name="send" />
        {people.length > 1 ? `Send ${people.length} invitations` : 'Send invitation'}
      </Button>
    </div>
  )
}

interface InviteRowProps {
  roomId: string
  invite: Invite
  by: string
  forName: string | null
  onRevoked: () => void
}

function InviteRow({ roomId, invite, by, forName, onRevoked }: InviteRowProps) {
  const { client } = useWorkspace()
  const revoke = useAction(async () => {
    await client.rooms.revokeInvite(roomId, invite.id)
    onRevoked()
    toast({ text: 'The invitation is revoked' })
  })
  const title = forName ? `For ${forName}` : `Link, used ${invite.uses} of ${invite.maxUses}`
  return (
    <ListRow
      lead={
        <span class="row-icon">
          <Icon name={forName ? 'person' : 'link'} />
        </span>
      }
      title={title}
      text={
        <>
          By {by} ·{' '}
          <time dateTime={invite.expiresAt} title={fullTime(invite.expiresAt)}>
            {timeLeft(invite.expiresAt)}
          </time>
        </>
      }
      testId="invite"
      data={{ 'data-invite-id': invite.id }}
      actions={
        <Button
          label={`Revoke: ${title}`}
          isBusy={revoke.isBusy}
          onPress={() => void revoke.run()}
          testId="revoke-invite"
        >
          Revoke
        </Button>
      }
    />
  )
}
