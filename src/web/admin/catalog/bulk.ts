import type { Product, ReplaceProductBody } from '../../../client/index.ts'
import { lineOf } from '../../components/problem-words.ts'

/** What came of one of them. */
export interface Outcome {
  id: string
  name: string
  /** Null where it is done. */
  problem: string | null
}

interface Thing {
  id: string
  name: string
}

/**
 * Does it to one after the other, so that what fails of one leaves the others alone, and tells after each.
 * @param act rejects with an `ApiError`
 */
export async function runBulk(
  things: readonly Thing[],
  act: (id: string) => Promise<unknown>,
  { signal, onOutcome }: { signal: AbortSignal; onOutcome: (outcomes: readonly Outcome[]) => void },
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const { id, name } of things) {
    if (signal.aborted) break
    const problem = await act(id).then(
      () => null,
      (error: unknown) => lineOf(error),
    )
    outcomes.push({ id, name, problem })
    onOutcome([...outcomes])
  }
  return outcomes
}

/** What is to become of several products at once. */
export interface BulkEdit {
  /** Undefined where each keeps its own, null for none. */
  categoryId: string | null | undefined
  addTags: readonly string[]
  dropTags: readonly string[]
}

/** What of one of them changes by that; null where nothing does. */
export function changesOf(
  product: Pick<Product, 'categoryId' | 'tags'>,
  { categoryId, addTags, dropTags }: BulkEdit,
): Pick<Partial<ReplaceProductBody>, 'categoryId' | 'tags'> | null {
  const tags = [...new Set([...product.tags, ...addTags])].filter((tag) => !dropTags.includes(tag))
  const isTagged = tags.length !== product.tags.length || tags.some((tag) => !product.tags.includes(tag))
  const isMoved = categoryId !== undefined && categoryId !== product.categoryId
  if (!isTagged && !isMoved) return null
  return { ...(isMoved ? { categoryId } : {}), ...(isTagged ? { tags } : {}) }
}
