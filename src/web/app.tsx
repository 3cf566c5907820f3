import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { ApiError, type CurrentUser } from '../client/index.ts'
import { ReturningToSignIn } from './account/outside/returning.tsx'
import { Welcome } from './account/welcome.tsx'
import { client } from './client.ts'
import { lineOf } from './components/problem-words.ts'
import { Toasts } from './components/toast.tsx'
import { openPageAt } from './entry/open-pages.tsx'
import { ADDRESSES, HOME, isKnownAddress, isShop, replace, route } from './route.ts'
import { GuestFrame } from './shell/guest-frame.tsx'
import { NotFound } from './shell/not-found.tsx'
import { Shell } from './shell/shell.tsx'
import { ShopPage } from './shell/shop-entry.tsx'
import { Splash } from './shell/splash.tsx'
import { Unreachable } from './shell/unreachable.tsx'
import { StepUpPlace } from './step-up/step-up-place.tsx'
import { useStore } from './store.ts'
import { placeAfter } from './way-back.ts'
import { createWorkspace, type Workspace, WorkspaceContext } from './workspace.ts'

type Entry =
  | { kind: 'restoring' }
  | { kind: 'unreachable'; message: string }
  | { kind: 'signed-out'; wasSignedIn: boolean }
  | { kind: 'signed-in'; workspace: Workspace }

export function App() {
  const { path } = useStore(route)
  const Open = openPageAt(path)
  return (
    <>
      {Open ? <Open /> : isKnownAddress(path) ? <Entrance /> : <NotFound />}
      <Toasts />
    </>
  )
}

/** Finds out who is there, and shows them their pages or the way in. */
function Entrance() {
  const [entry, setEntry] = useState<Entry>({ kind: 'restoring' })
  const { path, query } = useStore(route)
  const next = path === HOME ? placeAfter(query.next) : null

  useEffect(() => {
    let workspace: Workspace | null = null
    const enter = (user: CurrentUser | null) => {
      const wasSignedIn = workspace !== null && !workspace.isLeaving
      workspace?.dispose()
      workspace = user && createWorkspace(client, user)
      setEntry(workspace ? { kind: 'signed-in', workspace } : { kind: 'signed-out', wasSignedIn })
    }
    const stop = client.onUserChange(enter)
    // Another tab may have told who is signed in before anybody here listened: then nobody tells it again.
    if (client.user) enter(client.user)
    else void restore(setEntry)
    return () => {
      stop()
      workspace?.dispose()
    }
  }, [])

  switch (entry.kind) {
    case 'restoring':
      return <Splash />
    case 'unreachable':
      return <Unreachable message={entry.message} retry={() => restore(setEntry)} />
    case 'signed-out':
      if (path === ADDRESSES.signingIn) return <ReturningToSignIn />
      // Whoever was signed in is told first that they are no more.
      if (isShop(path) && !entry.wasSignedIn) {
        return (
          <GuestFrame>
            <ShopPage />
          </GuestFrame>
        )
      }
      return <Welcome wasSignedIn={entry.wasSignedIn} />
    case 'signed-in':
      if (next !== null) return <Onward to={next} />
      return (
        <WorkspaceContext.Provider value={entry.workspace}>
          <Shell key={entry.workspace.user.id} />
          <StepUpPlace />
        </WorkspaceContext.Provider>
      )
  }
}

/** Whoever has come in by the sign-in page goes back to where they were. */
function Onward({ to }: { to: string }) {
  useLayoutEffect(() => replace(to), [to])
  return <Splash />
}

/** A restored user arrives by `onUserChange`; what is left to tell is that there is none, or that nobody could say. */
async function restore(setEntry: (entry: Entry) => void): Promise<void> {
  try {
    if (!(await client.restore())) setEntry({ kind: 'signed-out', wasSignedIn: false })
  } catch (error) {
    const isAnswered = error instanceof ApiError && !error.isUnanswered
    const message = isAnswered
      ? lineOf(error)
      : 'You stay signed in. This goes on by itself when the connection is back.'
    setEntry({ kind: 'unreachable', message })
  }
}
