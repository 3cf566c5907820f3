import { useEffect, useState } from 'preact/hooks'
import { ApiError, type CurrentUser } from '../client/index.ts'
import { Welcome } from './account/welcome.tsx'
import { client } from './client.ts'
import { Button } from './components/button.tsx'
import { Mark } from './components/mark.tsx'
import { Notice } from './components/notice.tsx'
import { Toasts } from './components/toast.tsx'
import { isKnownAddress, route } from './route.ts'
import { NotFound } from './shell/not-found.tsx'
import { Shell } from './shell/shell.tsx'
import { useStore } from './store.ts'
import { createWorkspace, type Workspace, WorkspaceContext } from './workspace.ts'

type Entry =
  | { kind: 'restoring' }
  | { kind: 'unreachable'; message: string }
  | { kind: 'signed-out'; wasSignedIn: boolean }
  | { kind: 'signed-in'; workspace: Workspace }

export function App() {
  const { path } = useStore(route)
  return (
    <>
      {isKnownAddress(path) ? <Entrance /> : <NotFound />}
      <Toasts />
    </>
  )
}

/** Finds out who is there, and shows them their pages or the way in. */
function Entrance() {
  const [entry, setEntry] = useState<Entry>({ kind: 'restoring' })

  useEffect(() => {
    let workspace: Workspace | null = null
    const enter = (user: CurrentUser | null) => {
      const wasSignedIn = workspace !== null && !workspace.isLeaving
      workspace?.dispose()
      workspace = user && createWorkspace(client, user)
      setEntry(workspace ? { kind: 'signed-in', workspace } : { kind: 'signed-out', wasSignedIn })
    }
    const stop = client.onUserChange(enter)
    void restore(setEntry)
    return () => {
      stop()
      workspace?.dispose()
    }
  }, [])

  switch (entry.kind) {
    case 'restoring':
      return (
        <main class="splash">
          <h1 class="visually-hidden">Selvage</h1>
          <div role="status">
            <Mark />
            <span class="visually-hidden">Opening Selvage</span>
          </div>
        </main>
      )
    case 'unreachable':
      return (
        <main class="splash">
          <Notice title="Selvage cannot be reached" isAlert level={1}>
            <p>{entry.message}</p>
            <Button
              kind="primary"
              onPress={() => {
                setEntry({ kind: 'restoring' })
                void restore(setEntry)
              }}
            >
              Try again
            </Button>
          </Notice>
        </main>
      )
    case 'signed-out':
      return <Welcome wasSignedIn={entry.wasSignedIn} />
    case 'signed-in':
      return (
        <WorkspaceContext.Provider value={entry.workspace}>
          <Shell key={entry.workspace.user.id} />
        </WorkspaceContext.Provider>
      )
  }
}

/** A restored user arrives by `onUserChange`; what is left to tell is that there is none, or that nobody could say. */
async function restore(setEntry: (entry: Entry) => void): Promise<void> {
  try {
    if (!(await client.restore())) setEntry({ kind: 'signed-out', wasSignedIn: false })
  } catch (error) {
    const isAnswered = error instanceof ApiError && !error.isUnanswered
    const message = isAnswered ? `${error.message}. Please try again.` : 'Check your connection. You stay signed in.'
    setEntry({ kind: 'unreachable', message })
  }
}
