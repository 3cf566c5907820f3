import { useState } from 'preact/hooks'
import { ApiError, type UserDetails as Details } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Notice } from '../../components/notice.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { Select } from '../../components/select.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { fullName, languageName } from '../../names.ts'
import { ADDRESSES, followInside, hrefOf, hrefWith } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { Facts, State } from '../facts.tsx'
import { formatCount, formatMoment } from '../formats.ts'
import { ReasonDialog } from '../reason-dialog.tsx'
import { mayOpenPart } from '../staff.ts'
import { PermissionsSection } from './permissions-section.tsx'
import { whyOutOfReach } from './reach.ts'
import { RolesSection } from './roles-section.tsx'
import { SignedInSection } from './signed-in-section.tsx'
import { StateSection } from './state-section.tsx'
import { ThingsSection } from './things-section.tsx'
import { ROLE_NAMES, TIER_NAMES } from './user-words.ts'

type Tier = Details['tier']
const TIERS = Object.keys(TIER_NAMES) as Tier[]

/** One person: who they are, what they may do, and how much of it. */
export function UserDetails({ id }: { id: string }) {
  const { client, user: me } = useWorkspace()
  const user = useLoad((signal) => client.users.get(id, { signal }), [client, id])
  const [wanted, setWanted] = useState<Tier | null>(null)
  const change = useAction(
    async (tier: Tier, reason: string) => {
      const { tier: now } = await client.users.setTier(id, tier, reason)
      user.change((known) => ({ ...known, tier: now }))
      setWanted(null)
      toast({ text: `The tier is ${TIER_NAMES[now]} now.`, tone: 'good' })
    },
    { onProblem: () => undefined },
  )
  const { data } = user
  return (
    <AdminFrame
      part="users"
      title={data ? fullName(data) : 'Person'}
      back={{ href: hrefWith({ user: null }), label: 'Back to the people' }}
    >
      {user.status === 'failed' ? (
        <NotThere problem={user.problem} onRetry={user.reload} />
      ) : data?.isDeleted ? (
        <PageSection title="Account" actions={<Trails id={id} />}>
          <Notice title="This account was deleted" level={3} testId="deleted-user">
            <p>Its holder gave it up, and what was kept of them is erased. Nothing about it can be changed.</p>
          </Notice>
        </PageSection>
      ) : data ? (
        <>
          <PageSection title="Account" actions={<Trails id={id} />}>
            <div class="user-head">
              <Avatar id={data.id} name={fullName(data)} />
              <div>
                <strong>@{data.username}</strong>
                <span>{data.email}</span>
              </div>
            </div>
            <AccountFacts user={data} />
          </PageSection>
          <PageSection
            title="Tier"
            about="How much of the API they may use. A change holds within seconds."
            actions={
              whyOutOfReach(me, data) === null && (
                <Button onPress={() => setWanted(data.tier)} testId="change-tier">
                  Change
                </Button>
              )
            }
          >
            <p class="tier" data-testid="tier">
              {TIER_NAMES[data.tier]}
            </p>
          </PageSection>
          <RolesSection
            user={data}
            onChange={({ role, roles }) => user.change((known) => ({ ...known, role, roles }))}
          />
          <PermissionsSection user={data} />
          <ThingsSection user={data} />
          <SignedInSection user={data} onEnded={() => user.change((known) => ({ ...known, liveSessions: 0 }))} />
          <StateSection
            user={data}
            // Whoever is signed out is so on every device.
            onChange={(isActive) => user.change((known) => ({ ...known, isActive, liveSessions: 0 }))}
          />
        </>
      ) : (
        <SkeletonRows count={4} label="Loading the person" />
      )}
      {wanted && data && (
        <ReasonDialog
          title={`Change the tier of ${fullName(data)}`}
          text={`It is ${TIER_NAMES[data.tier]} now.`}
          action="Change the tier"
          isBusy={change.isBusy}
          problem={change.problem}
          onGo={(reason) => void change.run(wanted, reason)}
          onClose={() => setWanted(null)}
        >
          <Select
            label="Tier"
            options={TIERS.map((value) => ({ value, label: TIER_NAMES[value] }))}
            value={wanted}
            onChange={setWanted}
            testId="tier-choice"
          />
        </ReasonDialog>
      )}
    </AdminFrame>
  )
}

function AccountFacts({ user }: { user: Details }) {
  return (
    <Facts
      facts={[
        [
          'State',
          <State key="state" tone={user.isActive ? 'good' : 'plain'}>
            {user.isActive ? 'Active' : 'Closed'}
          </State>,
        ],
        ['Role', ROLE_NAMES[user.role]],
        ['E-mail', user.isEmailVerified ? 'Verified' : 'Not verified'],
        ['Signed in on', user.liveSessions === 1 ? 'one device' : `${formatCount(user.liveSessions)} devices`],
        ['Last sign-in', user.lastLoginAt === null ? 'Never' : formatMoment(user.lastLoginAt)],
        ['Registered', formatMoment(user.createdAt)],
        ['Changed', formatMoment(user.updatedAt)],
        ['Time zone', user.timezone],
        ['Language', languageName(user.locale)],
        ['Id', <code key="id">{user.id}</code>],
      ]}
    />
  )
}

/** What the audit trail knows of them. */
function Trails({ id }: { id: string }) {
  const { user: me } = useWorkspace()
  if (!mayOpenPart(me, 'audit')) return null
  return (
    <>
      <a
        class="inline-link"
        href={hrefOf(ADDRESSES.adminAudit, { actor: id })}
        onClick={followInside}
        data-testid="acts-by"
      >
        What they did
      </a>
      <a
        class="inline-link"
        href={hrefOf(ADDRESSES.adminAudit, { target: id })}
        onClick={followInside}
        data-testid="acts-on"
      >
        What was done to them
      </a>
    </>
  )
}

function NotThere({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  if (!(problem instanceof ApiError) || ![400, 404].includes(problem.status)) {
    return <ErrorState problem={problem} onRetry={onRetry} />
  }
  return (
    <Notice title="There is no such person" withMark level={2} testId="unknown-user">
      <p>The address may be mistyped.</p>
    </Notice>
  )
}
