import { useState } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { lineOf } from '../../components/problem-words.ts'
import { Select } from '../../components/select.tsx'
import { useLoad } from '../../components/use-load.ts'
import { categoryChoices } from '../../shop/category-tree.ts'
import { useWorkspace } from '../../workspace.ts'
import type { BulkEdit } from './bulk.ts'
import { listOf } from './product-form.ts'

const KEEP = 'keep'
const NONE = 'none'

interface BulkEditDialogProps {
  count: number
  onGo: (edit: BulkEdit) => void
  onClose: () => void
}

/** The category and the tags of all that are chosen. */
export function BulkEditDialog({ count, onGo, onClose }: BulkEditDialogProps) {
  const { client } = useWorkspace()
  const [category, setCategory] = useState(KEEP)
  const [added, setAdded] = useState('')
  const [dropped, setDropped] = useState('')
  const [isEmpty, setEmpty] = useState(false)
  const { data: tree, problem } = useLoad((signal) => client.categories.tree({ signal }), [client])
  const go = () => {
    const categoryId = category === KEEP ? undefined : category === NONE ? null : category
    const edit = { categoryId, addTags: listOf(added), dropTags: listOf(dropped) }
    const isNothing = categoryId === undefined && edit.addTags.length === 0 && edit.dropTags.length === 0
    setEmpty(isNothing)
    if (!isNothing) onGo(edit)
  }
  const fault = isEmpty ? 'Choose a category, or type a tag.' : problem ? lineOf(problem) : null
  return (
    <Dialog
      title={count === 1 ? 'Change this product' : `Change these ${count} products`}
      onClose={onClose}
      size="s"
      testId="bulk-edit-dialog"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" onPress={go} testId="bulk-edit-go">
            {count === 1 ? 'Change 1 product' : `Change ${count} products`}
          </Button>
        </>
      }
    >
      <Select
        label="Category"
        name="category"
        options={[
          { value: KEEP, label: 'As it is' },
          { value: NONE, label: 'None' },
          ...(tree ? categoryChoices(tree) : []),
        ]}
        value={category}
        onChange={setCategory}
        testId="bulk-category"
      />
      <Field
        label="Tags to add"
        name="addTags"
        optional
        hint="With commas between them."
        value={added}
        onInput={setAdded}
        testId="bulk-add-tags"
      />
      <Field
        label="Tags to take away"
        name="dropTags"
        optional
        value={dropped}
        onInput={setDropped}
        testId="bulk-drop-tags"
      />
      {fault && (
        <p class="note note-bad" role="alert">
          {fault}
        </p>
      )}
    </Dialog>
  )
}
