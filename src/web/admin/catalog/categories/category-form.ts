import type { Category, ReplaceCategoryBody, TreeCategory } from '../../../../client/index.ts'

/** As the API has it. */
const MAX_DEPTH = 5
const LAST_POSITION = 9_999

/** What is typed; `parentId` is empty for the top. */
export interface CategoryForm {
  name: string
  slug: string
  parentId: string
  position: string
}

export type CategoryProblems = Partial<Record<keyof CategoryForm, string>>

/** One that is to be made stands behind those that are there. */
export function newForm(tree: readonly TreeCategory[], parentId: string | null): CategoryForm {
  const last = Math.max(-1, ...tree.filter((one) => one.parentId === parentId).map(({ position }) => position))
  return { name: '', slug: '', parentId: parentId ?? '', position: `${Math.min(last + 1, LAST_POSITION)}` }
}

export function formOf({ name, slug, parentId, position }: Category): CategoryForm {
  return { name, slug, parentId: parentId ?? '', position: `${position}` }
}

/** The body that is sent, and what the page itself sees to be wrong. */
export function readForm(form: CategoryForm): { body: ReplaceCategoryBody; problems: CategoryProblems } {
  const [name, slug, position] = [form.name.trim(), form.slug.trim(), Number(form.position.trim() || 'none')]
  const isPlace = Number.isInteger(position) && position >= 0 && position <= LAST_POSITION
  return {
    body: { name, slug, parentId: form.parentId || null, position: isPlace ? position : 0 },
    problems: {
      ...(name === '' && { name: 'Give it a name' }),
      ...(!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && { slug: 'Use small letters, digits and single hyphens' }),
      ...(!isPlace && { position: `Use a whole number from 0 to ${LAST_POSITION}` }),
    },
  }
}

/** Under which others it may stand: not below itself, and nothing of it too deep. */
export function parentsFor(tree: readonly TreeCategory[], id: string | null): TreeCategory[] {
  const own = id === null ? [] : withBelow(tree, id)
  const height = own.length === 0 ? 1 : Math.max(...own.map(({ depth }) => depth)) - (own[0]?.depth ?? 1) + 1
  const ids = new Set(own.map((one) => one.id))
  return tree.filter((one) => !ids.has(one.id) && one.depth + height <= MAX_DEPTH)
}

/** It and all below it, as each follows its parent at once. */
export function withBelow(tree: readonly TreeCategory[], id: string): TreeCategory[] {
  const from = tree.findIndex((one) => one.id === id)
  const top = tree[from]
  if (!top) return []
  const end = tree.findIndex(({ depth }, at) => at > from && depth <= top.depth)
  return tree.slice(from, end === -1 ? undefined : end)
}

export const mayHaveBelow = ({ depth }: TreeCategory): boolean => depth < MAX_DEPTH

const WORDS = { name: 'name', slug: 'address', parentId: 'what it stands under', position: 'place' } as const

/** What somebody else has changed, in words. */
export function changesBetween(before: Category, after: Category): string[] {
  const fields = Object.keys(WORDS) as (keyof typeof WORDS)[]
  return fields.filter((field) => before[field] !== after[field]).map((field) => WORDS[field])
}

/** Why it could not be deleted, as far as the tree tells it. */
export function whyNotEmpty(tree: readonly TreeCategory[], id: string): string {
  const below = withBelow(tree, id).length - 1
  if (below === 1) return 'A category stands below it. Move or delete that one first.'
  if (below > 1) return `${below} categories stand below it. Move or delete them first.`
  return 'Products are in it, also such as the shop does not show: drafts, or archived ones. Give them another category first.'
}
