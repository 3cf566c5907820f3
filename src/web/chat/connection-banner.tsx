import type { ConnectionState } from '../../client/index.ts'
import { Spinner } from '../components/spinner.tsx'
import { useStore } from '../store.ts'
import { type Connection, useWorkspace } from '../workspace.ts'

const TEXTS: Record<ConnectionState, string> = {
  connecting: 'Connecting',
  open: 'Connected',
  reconnecting: 'Reconnecting. What you write is kept and sent as soon as you are back.',
  closed: 'Not connected',
}

/** Always in the page, so that screen readers hear the changes; seen only while something is wrong. */
export function ConnectionBanner() {
  const { connection } = useWorkspace()
  const state = worst(useStore(connection))
  const isQuiet = state !== 'reconnecting'
  return (
    <div class="connection" role="status" data-testid="connection-state" data-state={state} data-quiet={isQuiet}>
      {!isQuiet && <Spinner />}
      {TEXTS[state]}
    </div>
  )
}

function worst({ inbox, room }: Connection): ConnectionState {
  const states = room ? [inbox, room] : [inbox]
  const order: ConnectionState[] = ['reconnecting', 'closed', 'connecting', 'open']
  return order.find((state) => states.includes(state)) ?? 'open'
}
