import { useEffect } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { lineOf } from '../../components/problem-words.ts'
import { Progress } from '../../components/progress.tsx'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { useWorkspace } from '../../workspace.ts'
import { isOver, operationWords } from './process.ts'

/** As long as the server asks one to wait. */
const ASK_AGAIN_MS = 5_000

interface OperationNewsProps {
  id: string
  /** When it has ended, however it did. */
  onOver: () => void
  onClose: () => void
}

/** How far long work is, whoever has reloaded the page meanwhile, and the way to stop it. */
export function OperationNews({ id, onOver, onClose }: OperationNewsProps) {
  const { client } = useWorkspace()
  const { data, status, problem, reload, change } = useLoad((signal) => client.longWork.get(id, { signal }), [id])
  const hasEnded = data !== null && isOver(data)
  useEffect(() => {
    if (status === 'loading' || hasEnded || (status === 'failed' && data === null)) return
    const timer = setTimeout(reload, ASK_AGAIN_MS)
    return () => clearTimeout(timer)
  }, [status, data])
  useEffect(() => {
    if (hasEnded) onOver()
  }, [hasEnded])
  const cancel = useAction(async () => {
    const cancelled = await client.longWork.cancel(id)
    change(() => cancelled)
  })

  if (data && !hasEnded) {
    const { done, total } = data.progress
    return (
      <div class="bulk-run" data-testid="operation">
        <Progress
          label={operationWords(data)}
          {...(total === null || data.state === 'pending' ? {} : { value: done, max: Math.max(total, 1) })}
        />
        <Button isBusy={cancel.isBusy} onPress={() => void cancel.run()} testId="operation-cancel">
          Stop
        </Button>
      </div>
    )
  }
  const words = data ? operationWords(data) : problem ? lineOf(problem) : null
  if (words === null) return null
  return (
    <div class={`note bulk-outcome ${data && data.state !== 'failed' ? '' : 'note-bad'}`} data-testid="operation-over">
      <p>{words}</p>
      <Button kind="icon" label="Dismiss" onPress={onClose}>
        <Icon name="close" />
      </Button>
    </div>
  )
}
