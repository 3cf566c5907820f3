import { useState } from 'preact/hooks'
import type { Client } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Choice } from '../../components/choice.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { categoryChoices } from '../../shop/category-tree.ts'
import { numbered } from '../../shop/products.ts'
import { useWorkspace } from '../../workspace.ts'
import {
  goWords,
  type ProcessAction,
  type ProcessForm,
  type ProcessProblems,
  processOf,
  statesOf,
  whichOf,
} from './process.ts'

const ACTIONS: readonly { value: ProcessAction; label: string; needs: string }[] = [
  { value: 'change-price', label: 'Prices', needs: 'update:product' },
  { value: 'publish', label: 'Publish', needs: 'publish:product' },
  { value: 'archive', label: 'Archive', needs: 'delete:product' },
]

const ABOUT: Record<ProcessAction, string> = {
  'change-price': 'Those of drafts and of what is in the shop, with the own prices of variants.',
  publish: 'The drafts among them. What was archived stays so.',
  archive: 'They leave the shop, as if they were deleted. Here they stay, and can be published again.',
}

/** Something that is done to all products of a category or a brand, of however many there are. */
export function ProcessDialog({ onBegun, onClose }: { onBegun: (operationId: string) => void; onClose: () => void }) {
  const { client, user } = useWorkspace()
  const [form, setForm] = useState<ProcessForm>({ action: 'change-price', which: '', percent: '' })
  const [problems, setProblems] = useState<ProcessProblems>({})
  const change = (by: Partial<ProcessForm>) => {
    setForm({ ...form, ...by })
    setProblems({})
  }
  const choices = useLoad(async (signal) => choicesOf(client, signal), [client])
  const counted = useLoad(async (signal) => countOf(client, form, signal), [client, form.action, form.which])
  const begin = useAction(
    async () => {
      const { body, problems: found } = processOf(form)
      setProblems(found)
      if (body) onBegun((await client.products.process(body)).id)
    },
    { onProblem: () => undefined },
  )
  const failed = begin.problem ?? (choices.problem || counted.problem ? 'Not all of this could be loaded.' : null)
  const { data: count } = counted
  return (
    <Dialog
      title="Change a whole category or brand"
      onClose={onClose}
      size="s"
      testId="process-dialog"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind={form.action === 'archive' ? 'danger' : 'primary'}
            isBusy={begin.isBusy || (form.which !== '' && counted.status === 'loading')}
            disabled={count?.total === 0}
            onPress={() => void begin.run()}
            testId="process-go"
          >
            {count ? goWords(form.action, count.total, count.isExact) : 'Go ahead'}
          </Button>
        </>
      }
    >
      <Choice
        label="What is done"
        options={ACTIONS.filter(({ needs }) => user.permissions.includes(needs))}
        value={form.action}
        onChange={(action) => change({ action })}
        testId="process-action"
      />
      <p class="dialog-text">{ABOUT[form.action]} It goes on when you leave this page.</p>
      <Select
        label="Of which products"
        name="which"
        options={[{ value: '', label: 'Choose' }, ...(choices.data ?? [])]}
        value={form.which}
        error={problems.which}
        onChange={(which) => change({ which })}
        testId="process-which"
      />
      {form.action === 'change-price' && (
        <Field
          label="By how many percent"
          name="percent"
          hint="10 makes them a tenth dearer, -10 a tenth cheaper."
          value={form.percent}
          error={problems.percent}
          onInput={(percent) => change({ percent })}
          testId="process-percent"
        />
      )}
      {failed && (
        <p class="note note-bad" role="alert">
          {failed}
        </p>
      )}
    </Dialog>
  )
}

async function choicesOf(client: Client, signal: AbortSignal) {
  const [tree, { brands }] = await Promise.all([
    client.categories.tree({ signal }),
    client.products.facets({}, { signal }),
  ])
  return [
    ...categoryChoices(tree).map(({ value, label }) => ({ value: `category:${value}`, label: `Category: ${label}` })),
    ...brands.map(({ value }) => ({ value: `brand:${value}`, label: `Brand: ${value}` })),
  ]
}

/** How many it would change; null while nothing is chosen. */
async function countOf(client: Client, { action, which }: ProcessForm, signal: AbortSignal) {
  const products = whichOf(which)
  if (!products) return null
  const pages = await Promise.all(
    statesOf(action).map((state) =>
      numbered(client.products.list({ ...products, state, page: 1, limit: 1 }, { signal })),
    ),
  )
  return {
    total: pages.reduce((sum, { total }) => sum + total, 0),
    isExact: pages.every(({ totalIsExact }) => totalIsExact),
  }
}
