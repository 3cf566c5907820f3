/** So deep may a tree of categories be, its roots included. */
export const MAX_DEPTH = 5

interface Node {
  id: string
  slug: string
  parentId: string | null
}

export type Placed<N> = N & { depth: number; path: string[] }

/** The tree from its top down, each category followed by those under it, in the order in which siblings are given. */
export function treeOf<N extends Node>(nodes: readonly N[]): Placed<N>[] {
  const under = Map.groupBy(nodes, ({ parentId }) => parentId)
  const walk = (parentId: string | null, path: string[]): Placed<N>[] =>
    (under.get(parentId) ?? []).flatMap((node) => {
      const here = [...path, node.slug]
      return [{ ...node, depth: here.length, path: here }, ...walk(node.id, here)]
    })
  return walk(null, [])
}
