import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ApiError } from '../../../client/index.ts'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { catalogHref, replace } from '../../route.ts'
import { type TaggedProduct, tagged } from '../../shop/products.ts'
import { useWorkspace } from '../../workspace.ts'
import { draftsOf } from './drafts.ts'
import { afterSave, type Edited, hasOwnStock, isChanged, rebased, resume, savedForm } from './edited-product.ts'
import {
  EMPTY_FORM,
  type FieldProblems,
  fieldProblemsOf,
  formOf,
  newBodyOf,
  type ProductForm,
  slugOf,
  writtenOf,
} from './product-form.ts'

const DRAFT_PAUSE_MS = 300

export type ProductEditing = ReturnType<typeof useProductEditor>

/**
 * A product while it is edited. What is typed is kept in this browser until it is saved; what somebody else has saved
 * meanwhile is never overwritten without a word.
 * @param loaded null for one that is to be made
 */
export function useProductEditor(id: string, loaded: TaggedProduct | null, currency: string) {
  const { client, user } = useWorkspace()
  const drafts = useMemo(() => draftsOf(user.id), [user.id])
  const [kept] = useState(() => drafts.read(id))
  const [begun] = useState(() => resume(kept, loaded))
  const [base, setBase] = useState(begun.base)
  const [form, setForm] = useState(begun.form)
  const [problems, setProblems] = useState<FieldProblems>({})
  const [isRestored, setRestored] = useState(kept !== null)
  const [theirs, setTheirs] = useState<TaggedProduct | null>(begun.theirs)
  const isDirty = isChanged({ form, base })
  const frame = useRef<HTMLFormElement>(null)

  const now = useRef({ form, base })
  now.current = { form, base }
  /** One that was new has an id of its own when it is made. */
  const draftId = useRef(id)
  const keep = () => {
    if (isChanged(now.current)) drafts.write(draftId.current, now.current)
    else drafts.forget(draftId.current)
  }
  useEffect(() => {
    const timer = setTimeout(keep, DRAFT_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [form, base])
  useEffect(() => {
    addEventListener('pagehide', keep)
    return () => {
      removeEventListener('pagehide', keep)
      keep()
    }
  }, [])

  const begin = (edited: Edited) => {
    setBase(edited.base)
    setForm(edited.form)
    setTheirs(null)
    setProblems({})
    setRestored(false)
    // At once: what is kept when the page goes is what stands here.
    now.current = edited
    keep()
  }
  /** Over what was sent lies what was typed since. */
  const settle = (sent: ProductForm, saved: TaggedProduct, form: ProductForm) =>
    begin({ form: afterSave(sent, now.current.form, form), base: saved })
  const onProblem = async (problem: unknown): Promise<void> => {
    if (!(problem instanceof ApiError)) return
    if (problem.code === 'PRECONDITION_FAILED') {
      const found = await tagged(client.products.get(id)).catch(() => null)
      if (found) return setTheirs(found)
    }
    setProblems(fieldProblemsOf(problem.fields, now.current.form))
  }
  const focusFirstProblem = () => {
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  const save = useAction(
    async (edited: Edited) => {
      const { form: sent, base: from } = edited
      const written = writtenOf(sent, currency)
      setProblems(written.problems)
      if (Object.keys(written.problems).length > 0) return focusFirstProblem()
      if (!from) {
        const made = await tagged(client.products.create(newBodyOf(written)))
        drafts.forget(id)
        draftId.current = made.product.id
        settle(sent, made, savedForm(sent, made))
        toast({ text: 'It is made, as a draft.', tone: 'good' })
        replace(catalogHref(made.product.id))
        return
      }
      const saved = await tagged(client.products.replace(id, from.etag, written.body))
      const known = savedForm(sent, saved)
      if (!hasOwnStock(edited)) settle(sent, saved, known)
      else {
        // The rest is saved, whatever becomes of the stock.
        const unstocked = { ...known, stock: sent.stock }
        settle(sent, saved, unstocked)
        const stocked = await tagged(client.products.setStock(id, written.stock, { ifMatch: saved.etag }))
        settle(unstocked, stocked, savedForm(unstocked, stocked))
      }
      toast({ text: 'Saved.', tone: 'good' })
    },
    { onProblem: (_, problem) => void onProblem(problem).then(focusFirstProblem) },
  )
  const move = useAction(
    async (to: 'publish' | 'archive') => {
      const moved = await tagged(client.products[to](id, { ifMatch: base?.etag }))
      // What is typed stays: nothing of it was sent.
      const next = rebased(now.current, moved)
      setBase(next.base)
      setForm(next.form)
      toast({ text: to === 'publish' ? 'It is in the shop now.' : 'It is out of the shop.', tone: 'good' })
    },
    { onProblem: (_, problem) => void onProblem(problem) },
  )

  const change = (by: Partial<ProductForm>) => setForm((known) => ({ ...known, ...by }))
  return {
    ...{ base, form, problems, isDirty, isRestored, theirs, save, move, frame, change },
    saveNow: () => void save.run({ form, base }),
    /** While the address was the one that the name proposes, it goes along. */
    rename: (name: string) =>
      setForm((known) => {
        const isProposed = base === null && known.slug === slugOf(known.name)
        return { ...known, name, ...(isProposed ? { slug: slugOf(name) } : {}) }
      }),
    /** Throws away what was typed. */
    startOver: (from: TaggedProduct | null = base) =>
      begin({ form: from ? formOf(from.product) : EMPTY_FORM, base: from }),
    /** Over what somebody else has saved, by whoever has seen that. */
    saveOver: (seen: TaggedProduct) => {
      const next = rebased({ form, base }, seen)
      begin(next)
      void save.run(next)
    },
  }
}
