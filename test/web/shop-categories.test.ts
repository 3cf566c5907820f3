import { describe, expect, it } from 'vitest'
import { categoryChoices, pathWords, treeRows } from '../../src/web/shop/category-tree.ts'

const category = (path: string[], name: string) => ({
  ...{ id: `id of ${name}`, slug: path.at(-1) ?? '', name, depth: path.length, path },
})
const TREE = [
  category(['clothing'], 'Clothing'),
  category(['clothing', 'shirts'], 'Shirts'),
  category(['clothing', 'trousers'], 'Trousers'),
  category(['kitchen'], 'Kitchen'),
]
const SHIRTS = { value: 'shirts', label: 'Shirts' }

describe('the categories of the shop', () => {
  it('are named with all that they stand under', () => {
    expect(pathWords(TREE, 'shirts')).toBe('Clothing / Shirts')
    expect(pathWords([], 'shirts')).toBe('shirts')
    expect(categoryChoices(TREE)[2]).toEqual({ value: 'id of Trousers', label: 'Clothing / Trousers' })
  })

  it('are shown as far as something is in them, under those that hold nothing themselves', () => {
    const rows = treeRows(TREE, [SHIRTS, { value: 'kitchen', label: 'Kitchen' }])
    expect(rows.map(({ label, depth, isEmpty }) => [label, depth, isEmpty])).toEqual([
      ['Clothing', 0, true],
      ['Shirts', 1, false],
      ['Kitchen', 0, false],
    ])
  })

  it('are shown without a tree that knows them', () => {
    expect(treeRows([], [SHIRTS])).toEqual([{ ...SHIRTS, depth: 0, isEmpty: false }])
  })
})
