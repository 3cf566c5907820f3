import { useRef, useState } from 'preact/hooks'
import type { ProductItem } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { Icon } from '../../components/icon.tsx'
import { Progress } from '../../components/progress.tsx'
import { tagged } from '../../shop/products.ts'
import { useWorkspace } from '../../workspace.ts'
import { type BulkEdit, changesOf, type Outcome, runBulk } from './bulk.ts'
import { BulkEditDialog } from './bulk-edit-dialog.tsx'

interface BulkBarProps {
  chosen: readonly ProductItem[]
  /** With those that failed, which stay chosen. */
  onDone: (failed: readonly string[]) => void
  onClear: () => void
}

interface Run {
  verb: string
  total: number
  outcomes: readonly Outcome[]
  isUnderWay: boolean
}

/** What can be done with several at once: each by a call of its own, so each has an outcome of its own. */
export function BulkBar({ chosen, onDone, onClear }: BulkBarProps) {
  const { client, user } = useWorkspace()
  const [run, setRun] = useState<Run | null>(null)
  const [asks, setAsks] = useState(false)
  const [isEditing, setEditing] = useState(false)
  const stop = useRef<AbortController | null>(null)
  const may = (permission: string) => user.permissions.includes(permission)

  const begin = async (verb: string, act: (id: string) => Promise<unknown>) => {
    setAsks(false)
    setEditing(false)
    stop.current = new AbortController()
    const shown = { verb, total: chosen.length, outcomes: [], isUnderWay: true }
    setRun(shown)
    const outcomes = await runBulk(chosen, act, {
      signal: stop.current.signal,
      onOutcome: (so) => setRun({ ...shown, outcomes: so }),
    })
    setRun({ ...shown, outcomes, isUnderWay: false })
    const isDone = (id: string) => outcomes.some((outcome) => outcome.id === id && outcome.problem === null)
    onDone(chosen.map(({ id }) => id).filter((id) => !isDone(id)))
  }

  const edit = (by: BulkEdit) =>
    begin('Changed', async (id) => {
      const { product, etag } = await tagged(client.products.get(id))
      const changes = changesOf(product, by)
      if (changes) await client.products.change(id, etag, changes)
    })

  return (
    <div class="bulk" data-testid="bulk">
      {chosen.length > 0 && !run?.isUnderWay && (
        <div class="bulk-actions">
          <p>{chosen.length === 1 ? 'One product chosen' : `${chosen.length} products chosen`}</p>
          {may('update:product') && (
            <Button onPress={() => setEditing(true)} testId="bulk-edit">
              Category and tags
            </Button>
          )}
          {may('publish:product') && (
            <Button onPress={() => void begin('Published', (id) => client.products.publish(id))} testId="bulk-publish">
              Publish
            </Button>
          )}
          {may('delete:product') && (
            <Button onPress={() => setAsks(true)} testId="bulk-archive">
              Archive
            </Button>
          )}
          <Button kind="text" onPress={onClear}>
            Choose none
          </Button>
        </div>
      )}
      <div role="status">
        {run && <RunNews run={run} onStop={() => stop.current?.abort()} onClose={() => setRun(null)} />}
      </div>
      {isEditing && (
        <BulkEditDialog count={chosen.length} onGo={(by) => void edit(by)} onClose={() => setEditing(false)} />
      )}
      {asks && (
        <Confirm
          title={chosen.length === 1 ? 'Archive this product?' : `Archive these ${chosen.length} products?`}
          text="They leave the shop at once, as if they were deleted. Here they stay, and can be published again."
          action="Archive"
          isBusy={false}
          testId="confirm-archive"
          onConfirm={() => void begin('Archived', (id) => client.products.archive(id))}
          onCancel={() => setAsks(false)}
        />
      )}
    </div>
  )
}

function RunNews({ run, onStop, onClose }: { run: Run; onStop: () => void; onClose: () => void }) {
  const { verb, total, outcomes, isUnderWay } = run
  const failed = outcomes.filter(({ problem }) => problem !== null)
  const done = outcomes.length - failed.length
  if (isUnderWay) {
    return (
      <div class="bulk-run">
        <Progress label={`${outcomes.length} of ${total}`} value={outcomes.length} max={total} />
        <Button onPress={onStop}>Stop</Button>
      </div>
    )
  }
  const left = total - outcomes.length
  return (
    <div class={`note bulk-outcome ${failed.length > 0 ? 'note-bad' : ''}`} data-testid="bulk-outcome">
      <div>
        <p>
          <strong>
            {verb}: {done} of {total}
          </strong>
          {left > 0 && `, ${left} left as they were`}
        </p>
        {failed.length > 0 && (
          <ul>
            {failed.map(({ id, name, problem }) => (
              <li key={id}>
                {name}: {problem}
              </li>
            ))}
          </ul>
        )}
      </div>
      <Button kind="icon" label="Dismiss" onPress={onClose}>
        <Icon name="close" />
      </Button>
    </div>
  )
}
