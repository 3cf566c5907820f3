import { useRef, useState } from 'preact/hooks'
import { ApiError, type Category, type TreeCategory } from '../../../../client/index.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorState } from '../../../components/error-state.tsx'
import { Field } from '../../../components/field.tsx'
import { Select } from '../../../components/select.tsx'
import { SkeletonRows } from '../../../components/skeleton.tsx'
import { toast } from '../../../components/toast.tsx'
import { useAction } from '../../../components/use-action.ts'
import { useLoad } from '../../../components/use-load.ts'
import { categoryChoices, pathWords } from '../../../shop/category-tree.ts'
import { useWorkspace } from '../../../workspace.ts'
import { slugOf } from '../product-form.ts'
import {
  type CategoryForm,
  type CategoryProblems,
  changesBetween,
  formOf,
  newForm,
  parentsFor,
  readForm,
} from './category-form.ts'

/** One that is there, or one that is to be made under another one, or under none. */
export type CategoryTarget = { id: string } | { parentId: string | null }

interface DialogProps {
  tree: readonly TreeCategory[]
  target: CategoryTarget
  onChanged: () => void
  onClose: () => void
}

interface Tagged {
  value: Category
  etag: string
}

/** Its name, its address, and where it stands. */
export function CategoryDialog({ tree, target, onChanged, onClose }: DialogProps) {
  const { client } = useWorkspace()
  const id = 'id' in target ? target.id : null
  const { data, problem, reload } = useLoad(
    async (signal): Promise<{ base: Tagged | null }> => ({
      base: id === null ? null : await client.categories.get(id, { signal }),
    }),
    [client, id],
  )
  const title = id === null ? 'New category' : (data?.base?.value.name ?? 'Category')
  return (
    <Dialog title={title} onClose={onClose} size="s" testId="category-dialog">
      {data ? (
        <Form tree={tree} base={data.base} target={target} onChanged={onChanged} onClose={onClose} />
      ) : problem !== null ? (
        <ErrorState problem={problem} onRetry={reload} />
      ) : (
        <SkeletonRows count={4} label="Loading the category" />
      )}
    </Dialog>
  )
}

function Form({ tree, base: loaded, target, onChanged, onClose }: DialogProps & { base: Tagged | null }) {
  const { client } = useWorkspace()
  const [base, setBase] = useState(loaded)
  const [theirs, setTheirs] = useState<Tagged | null>(null)
  const [form, setForm] = useState<CategoryForm>(() =>
    loaded ? formOf(loaded.value) : newForm(tree, 'parentId' in target ? target.parentId : null),
  )
  const [problems, setProblems] = useState<CategoryProblems>({})
  const frame = useRef<HTMLFormElement>(null)
  const showProblems = (found: CategoryProblems) => {
    setProblems(found)
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  const save = useAction(
    async (over: Tagged | null) => {
      const { body, problems: found } = readForm(form)
      showProblems(found)
      if (Object.keys(found).length > 0) return
      if (over) await client.categories.replace(over.value.id, over.etag, body)
      else await client.categories.create(body)
      toast({ text: over ? 'Saved.' : `${body.name} is made.`, tone: 'good' })
      onChanged()
      onClose()
    },
    { onProblem: (_, problem) => void tell(problem) },
  )
  const tell = async (problem: unknown) => {
    if (!(problem instanceof ApiError)) return
    if (problem.status === 412 && base) {
      const now = await client.categories.get(base.value.id).catch(() => null)
      if (now) return setTheirs(now)
    }
    // Who else has changed the tree: what is offered here is not what there is.
    if (problem.status === 404 || problem.status === 422) onChanged()
    showProblems(Object.fromEntries(problem.fields.map(({ field, message }) => [field, message])))
  }
  const take = (one: Tagged) => {
    setBase(one)
    setForm(formOf(one.value))
    setTheirs(null)
    setProblems({})
    onChanged()
  }
  const change = (by: Partial<CategoryForm>) => setForm((known) => ({ ...known, ...by }))
  const rename = (name: string) =>
    // While the address is the one that the name proposes, it goes along.
    setForm((known) => {
      return { ...known, name, ...(!base && known.slug === slugOf(known.name) ? { slug: slugOf(name) } : {}) }
    })
  const parents = categoryChoices(tree).filter(({ value }) =>
    parentsFor(tree, base?.value.id ?? null).some(({ id }) => id === value),
  )

  return (
    <form
      class="form"
      ref={frame}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save.run(base)
      }}
    >
      {theirs && base && (
        <Theirs
          before={base.value}
          theirs={theirs}
          tree={tree}
          isBusy={save.isBusy}
          onTake={() => take(theirs)}
          onSaveOver={() => {
            setBase(theirs)
            setTheirs(null)
            void save.run(theirs)
          }}
        />
      )}
      <Field
        label="Name"
        name="name"
        value={form.name}
        onInput={rename}
        maxLength={100}
        error={problems.name}
        hasFocus={!base}
        testId="category-name"
      />
      <Field
        label="Address"
        name="slug"
        isCode
        value={form.slug}
        onInput={(slug) => change({ slug })}
        maxLength={100}
        hint={base ? 'Links to the old one lead nowhere then.' : 'In the links of the shop.'}
        error={problems.slug}
        testId="category-slug"
      />
      <Select
        label="Under"
        name="parentId"
        options={[{ value: '', label: 'None: at the top' }, ...parents]}
        value={form.parentId}
        onChange={(parentId) => change({ parentId })}
        hint={base ? 'What stands below it moves along.' : undefined}
        error={problems.parentId}
        testId="category-parent"
      />
      <Field
        label="Place among its neighbours"
        name="position"
        type="number"
        min={0}
        max={9_999}
        value={form.position}
        onInput={(position) => change({ position })}
        hint="The lowest comes first."
        error={problems.position}
        testId="category-position"
      />
      {save.problem && !theirs && Object.keys(problems).length === 0 && (
        <p class="note note-bad" role="alert" data-testid="category-problem">
          {save.problem}
        </p>
      )}
      <div class="form-actions">
        <Button onPress={onClose}>Cancel</Button>
        {!theirs && (
          <Button kind="primary" type="submit" isBusy={save.isBusy} testId="category-save">
            {base ? 'Save' : 'Make it'}
          </Button>
        )}
      </div>
    </form>
  )
}

interface TheirsProps {
  before: Category
  theirs: Tagged
  tree: readonly TreeCategory[]
  isBusy: boolean
  onTake: () => void
  onSaveOver: () => void
}

/** Two have changed the same one: what the other did, and the two ways to go on. */
function Theirs({ before, theirs: { value }, tree, isBusy, onTake, onSaveOver }: TheirsProps) {
  const changed = changesBetween(before, value)
  const parent = tree.find(({ id }) => id === value.parentId)
  const place = parent ? `under ${pathWords(tree, parent.slug)}` : 'at the top'
  return (
    <div class="note category-conflict" role="alert" data-testid="category-conflict">
      <p>
        <strong>Somebody else changed it.</strong>
        {changed.length > 0 && ` Changed there: ${changed.join(', ')}.`} It is “{value.name}” now, {place}. Nothing of
        yours is saved.
      </p>
      <div class="page-actions">
        <Button onPress={onTake} testId="take-theirs">
          Show theirs
        </Button>
        <Button kind="primary" isBusy={isBusy} onPress={onSaveOver} testId="save-over">
          Save mine over it
        </Button>
      </div>
    </div>
  )
}
