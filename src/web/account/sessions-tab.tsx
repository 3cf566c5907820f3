import { useEffect, useState } from 'preact/hooks'
import type { Session } from '../../client/index.ts'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { ErrorState } from '../components/error-state.tsx'
import { Icon, type IconName } from '../components/icon.tsx'
import { List, ListRow } from '../components/list.tsx'
import { PageSection } from '../components/page-frame.tsx'
import { passFocusOn } from '../components/pass-focus.ts'
import { lineOf } from '../components/problem-words.ts'
import { SkeletonRows } from '../components/skeleton.tsx'
import { toast } from '../components/toast.tsx'
import { useAction } from '../components/use-action.ts'
import { useLoad } from '../components/use-load.ts'
import { fullTime, timeAgo } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import { ConfirmEverywhere } from './account-menu.tsx'
import { FormProblem } from './form-problem.tsx'
import { signOutOthers } from './security/sign-out-others.ts'
import { useLeave } from './use-leave.ts'

const FACES: Record<Session['device']['kind'], IconName> = {
  computer: 'device',
  phone: 'phone',
  tablet: 'tablet',
  program: 'hash',
}
/** Nobody tells a page of a session that begins elsewhere, so it looks again while somebody looks at it. */
const LOOK_AGAIN_MS = 20_000

/** Every place where the person is signed in, and the way to end each. */
export function SessionsTab() {
  const { client, live } = useWorkspace()
  const { status, data, problem, reload, change } = useLoad((signal) => client.auth.sessions({ signal }), [client])
  const [ending, setEnding] = useState<Session | null>(null)
  useLookAgain(reload)
  useEffect(() => live.listen({ onOpen: reload }), [live, reload])

  const end = useAction(async (session: Session) => {
    await client.auth.endSession(session.id)
    const keepFocus = passFocusOn(document.querySelector(`[data-session-id="${session.id}"]`)?.closest('li'))
    change((sessions) => sessions.filter(({ id }) => id !== session.id))
    setEnding(null)
    keepFocus()
    toast({ text: `${session.device.name} is signed out`, tone: 'good' })
  })
  const endOthers = useAction(async () => {
    await signOutOthers(client)
    reload()
  })
  const sessions = (data ?? []).toSorted(byUse)
  const others = sessions.filter(({ current }) => !current).length
  return (
    <>
      <PageSection
        title="Devices"
        about="If you do not know one of these, sign it out: whoever uses it is out at once."
        actions={
          others > 1 && (
            <Button isBusy={endOthers.isBusy} onPress={() => void endOthers.run()} testId="sessions-sign-out-others">
              Sign out all others
            </Button>
          )
        }
      >
        {status === 'loading' && !data && <SkeletonRows count={3} label="Loading your sessions" />}
        {status === 'failed' && !data && <ErrorState problem={problem} onRetry={reload} />}
        {status === 'failed' && data && (
          <p class="preferences-state" role="status">
            This list may be out of date. {lineOf(problem)}
          </p>
        )}
        {data && (
          <List label="Your sessions" testId="sessions">
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} onEnd={() => setEnding(session)} />
            ))}
          </List>
        )}
      </PageSection>
      {data && <EverywhereSection others={others} />}
      {ending && (
        <Confirm
          title={`Sign out ${ending.device.name}?`}
          text={`It was last used ${timeAgo(ending.lastUsedAt)}${fromWhere(ending)}. Whoever uses it is signed out at once.`}
          action="Sign it out"
          isBusy={end.isBusy}
          testId="confirm-end-session"
          onConfirm={() => void end.run(ending)}
          onCancel={() => setEnding(null)}
        />
      )}
    </>
  )
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { name, kind } = session.device
  return (
    <ListRow
      testId="session"
      data={{ 'data-session-id': session.id, 'data-current': session.current }}
      lead={
        <span class="notice-face">
          <Icon name={FACES[kind]} />
        </span>
      }
      title={
        <span title={session.userAgent ?? undefined}>
          {name} {session.current && <span class="tag">This device</span>}
        </span>
      }
      text={
        <>
          {whereOf(session) && <>{whereOf(session)} · </>}
          <time dateTime={session.lastUsedAt} title={fullTime(session.lastUsedAt)}>
            used {timeAgo(session.lastUsedAt)}
          </time>
          {' · '}
          <time dateTime={session.createdAt} title={fullTime(session.createdAt)}>
            signed in {timeAgo(session.createdAt)}
          </time>
        </>
      }
      actions={
        !session.current && (
          <Button class="session-end" onPress={onEnd} label={`Sign out ${name}`} testId="end-session">
            <Icon name="leave" />
            <span class="session-end-text">Sign out</span>
          </Button>
        )
      }
    />
  )
}

function EverywhereSection({ others }: { others: number }) {
  const { leave, busy, problem, loss } = useLeave()
  const [asks, setAsks] = useState(false)
  const about =
    others === 0
      ? 'This is the only place where you are signed in.'
      : `Signs out this device and ${others === 1 ? 'the other one' : `the ${others} others`}.`
  return (
    <PageSection
      title="Sign out everywhere"
      about={about}
      actions={
        <Button kind="danger" onPress={() => setAsks(true)} testId="sessions-sign-out-everywhere">
          Sign out everywhere
        </Button>
      }
    >
      <FormProblem text={problem} />
      {asks && <ConfirmEverywhere busy={busy} leave={leave} loss={loss} onClose={() => setAsks(false)} />}
    </PageSection>
  )
}

/** Town and address, as far as they are known. */
function whereOf({ place, ip }: Session): string {
  return [place, ip].filter(Boolean).join(', ')
}

function fromWhere(session: Session): string {
  const where = whereOf(session)
  return where ? ` from ${where}` : ''
}

/** This one first, then what was used last. */
function byUse(a: Session, b: Session): number {
  return Number(b.current) - Number(a.current) || b.lastUsedAt.localeCompare(a.lastUsedAt)
}

function useLookAgain(look: () => void): void {
  useEffect(() => {
    const lookIfSeen = () => {
      if (document.visibilityState === 'visible') look()
    }
    const timer = setInterval(lookIfSeen, LOOK_AGAIN_MS)
    document.addEventListener('visibilitychange', lookIfSeen)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', lookIfSeen)
    }
  }, [look])
}
