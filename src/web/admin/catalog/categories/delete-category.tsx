import { useState } from 'preact/hooks'
import { ApiError, type TreeCategory } from '../../../../client/index.ts'
import { Confirm } from '../../../components/confirm.tsx'
import { toast } from '../../../components/toast.tsx'
import { useAction } from '../../../components/use-action.ts'
import { ADDRESSES, followInside, hrefOf } from '../../../route.ts'
import { useWorkspace } from '../../../workspace.ts'
import { whyNotEmpty, withBelow } from './category-form.ts'

interface DeleteProps {
  tree: readonly TreeCategory[]
  category: TreeCategory
  onChanged: () => void
  onClose: () => void
}

/** Asks first; where it is not empty it says what is in the way. */
export function DeleteCategory({ tree, category, onChanged, onClose }: DeleteProps) {
  const { client } = useWorkspace()
  const { id, name, slug } = category
  const [isFull, setFull] = useState(false)
  const remove = useAction(
    async () => {
      const { value, etag } = await client.categories.get(id)
      // What was asked about is what is deleted: under another name it may be another thing by now.
      if (value.name !== name || value.slug !== slug) return leave(`It is called ${value.name} by now.`)
      await client.categories.remove(id, etag)
      leave(`${name} is deleted.`, 'good')
    },
    {
      onProblem: (words, problem) => {
        const status = problem instanceof ApiError ? problem.status : 0
        if (status === 409) setFull(true)
        else if (status === 404) leave(`${name} was deleted before.`)
        else if (status === 412) leave('Somebody else changed it just now. Look at it again.')
        else toast({ text: words, tone: 'bad' })
      },
    },
  )
  const leave = (text: string, tone: 'good' | 'bad' = 'bad') => {
    toast({ text, tone })
    onChanged()
    onClose()
  }
  const hasBelow = withBelow(tree, id).length > 1
  return (
    <Confirm
      title={`Delete ${name}?`}
      text="For good. Links to it lead nowhere then."
      action="Delete"
      isBusy={remove.isBusy}
      testId="confirm-delete"
      onConfirm={() => void remove.run()}
      onCancel={onClose}
    >
      {isFull && (
        <p class="note note-bad" role="alert" data-testid="category-full">
          {whyNotEmpty(tree, id)}{' '}
          {!hasBelow && (
            <a class="inline-link" href={hrefOf(ADDRESSES.adminCatalog, { category: slug })} onClick={followInside}>
              See its products
            </a>
          )}
        </p>
      )}
    </Confirm>
  )
}
