import type { TreeCategory } from '../../client/index.ts'

/** As the API gives it: each follows its parent at once. */
export type CategoryTree = readonly Pick<TreeCategory, 'id' | 'slug' | 'name' | 'depth' | 'path'>[]

/** A category under those that it stands under. */
export interface TreeRow {
  value: string
  label: string
  /** 0 for the first that is shown. */
  depth: number
  /** There to show where others stand: nothing is to be found in itself. */
  isEmpty: boolean
}

/** `Clothing / Shirts`, or the slug where there is no such category. */
export function pathWords(tree: CategoryTree, slug: string): string {
  const names = new Map(tree.map((one) => [one.slug, one.name]))
  const path = tree.find((one) => one.slug === slug)?.path ?? [slug]
  return path.map((part) => names.get(part) ?? part).join(' / ')
}

/** The part of the tree in which something is to be found: these categories, and those that they stand under. */
export function treeRows(tree: CategoryTree, found: readonly { value: string; label: string }[]): TreeRow[] {
  const values = new Set(found.map(({ value }) => value))
  const shown = new Set(tree.filter(({ slug }) => values.has(slug)).flatMap(({ path }) => path))
  const inTree = tree
    .filter(({ slug }) => shown.has(slug))
    .map(({ slug, name, depth }) => ({ value: slug, label: name, depth: depth - 1, isEmpty: !values.has(slug) }))
  // The tree is remembered for a while, and may not know the newest ones.
  const others = found.filter(({ value }) => !shown.has(value))
  return [...inTree, ...others.map((one) => ({ ...one, depth: 0, isEmpty: false }))]
}

/** For a list of choices, by their ids. */
export const categoryChoices = (tree: CategoryTree): { value: string; label: string }[] =>
  tree.map(({ id, slug }) => ({ value: id, label: pathWords(tree, slug) }))
