import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ApiError } from '../../../client/index.ts'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { catalogHref, replace } from '../../route.ts'
import { type TaggedProduct, tagged } from '../../shop/products.ts'
import { useWorkspace } from '../../workspace.ts'
import { draftsOf } from './drafts.ts'
import {
  EMPTY_FORM,
  type FieldProblems,
  fieldProblemsOf,
  formOf,
  isSameForm,
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
  const [base, setBase] = useState(loaded)
  const [etag, setEtag] = useState(kept ? kept.etag : (loaded?.etag ?? null))
  const [form, setForm] = useState<ProductForm>(() => kept?.form ?? (loaded ? formOf(loaded.product) : EMPTY_FORM))
  const [problems, setProblems] = useState<FieldProblems>({})
  const [isRestored, setRestored] = useState(kept !== null)
  const [theirs, setTheirs] = useState<TaggedProduct | null>(null)
  const isDirty = !isSameForm(form, base ? formOf(base.product) : EMPTY_FORM)
  const frame = useRef<HTMLFormElement>(null)

  const now = useRef({ form, etag, isDirty })
  now.current = { form, etag, isDirty }
  const keep = () => {
    if (now.current.isDirty) drafts.write(id, { form: now.current.form, etag: now.current.etag })
    else drafts.forget(id)
  }
  useEffect(() => {
    const timer = setTimeout(keep, DRAFT_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [form, etag, isDirty])
  useEffect(() => {
    addEventListener('pagehide', keep)
    return () => {
      removeEventListener('pagehide', keep)
      keep()
    }
  }, [])

  const take = (saved: TaggedProduct) => {
    const next = formOf(saved.product)
    setBase(saved)
    setEtag(saved.etag)
    setForm(next)
    setTheirs(null)
    setProblems({})
    setRestored(false)
    // At once: what is kept when the page goes is what stands here.
    now.current = { form: next, etag: saved.etag, isDirty: false }
    drafts.forget(id)
  }
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
    async (expected: string | null) => {
      const written = writtenOf(form, currency)
      setProblems(written.problems)
      if (Object.keys(written.problems).length > 0) return focusFirstProblem()
      if (!base) {
        const made = await tagged(client.products.create(newBodyOf(written)))
        take(made)
        toast({ text: 'It is made, as a draft.', tone: 'good' })
        replace(catalogHref(made.product.id))
        return
      }
      const saved = await tagged(client.products.replace(id, expected ?? base.etag, written.body))
      const isCounted = written.stock === saved.product.stock
      take(isCounted ? saved : await tagged(client.products.setStock(id, written.stock, { ifMatch: saved.etag })))
      toast({ text: 'Saved.', tone: 'good' })
    },
    { onProblem: (_, problem) => void onProblem(problem).then(focusFirstProblem) },
  )
  const move = useAction(
    async (to: 'publish' | 'archive') => {
      const moved = await tagged(client.products[to](id, { ifMatch: etag ?? undefined }))
      // What is typed stays: nothing of it was sent.
      setBase(moved)
      setEtag(moved.etag)
      toast({ text: to === 'publish' ? 'It is in the shop now.' : 'It is out of the shop.', tone: 'good' })
    },
    { onProblem: (_, problem) => void onProblem(problem) },
  )

  const change = (by: Partial<ProductForm>) => setForm((known) => ({ ...known, ...by }))
  return {
    ...{ base, form, problems, isDirty, isRestored, theirs, save, move, frame, change },
    saveNow: () => void save.run(etag),
    /** While the address was the one that the name proposes, it goes along. */
    rename: (name: string) =>
      setForm((known) => {
        const isProposed = base === null && known.slug === slugOf(known.name)
        return { ...known, name, ...(isProposed ? { slug: slugOf(name) } : {}) }
      }),
    /** Throws away what was typed. */
    startOver: (from: TaggedProduct | null = base) => {
      if (from) return take(from)
      drafts.forget(id)
      setForm(EMPTY_FORM)
      setProblems({})
      setRestored(false)
    },
    /** Over what somebody else has saved, by whoever has seen that. */
    saveOver: (seen: TaggedProduct) => {
      setBase(seen)
      setEtag(seen.etag)
      setTheirs(null)
      void save.run(seen.etag)
    },
  }
}
