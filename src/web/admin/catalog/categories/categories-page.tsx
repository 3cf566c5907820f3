import { useState } from 'preact/hooks'
import type { TreeCategory } from '../../../../client/index.ts'
import { Button } from '../../../components/button.tsx'
import { ErrorState } from '../../../components/error-state.tsx'
import { Icon } from '../../../components/icon.tsx'
import { Menu, type MenuItem } from '../../../components/menu.tsx'
import { Notice } from '../../../components/notice.tsx'
import { SkeletonRows } from '../../../components/skeleton.tsx'
import { useLoad } from '../../../components/use-load.ts'
import { ADDRESSES, catalogHref, followInside, hrefOf } from '../../../route.ts'
import { useWorkspace } from '../../../workspace.ts'
import { AdminFrame } from '../../admin-frame.tsx'
import { CategoryDialog, type CategoryTarget } from './category-dialog.tsx'
import { mayHaveBelow } from './category-form.ts'
import { DeleteCategory } from './delete-category.tsx'

type Open = { kind: 'edit'; target: CategoryTarget } | { kind: 'delete'; category: TreeCategory } | null

/** The tree by which the shop is narrowed. */
export function CategoriesPage() {
  const { client, user } = useWorkspace()
  const { data: tree, status, problem, reload } = useLoad((signal) => client.categories.tree({ signal }), [client])
  const [open, setOpen] = useState<Open>(null)
  const may = (permission: string) => user.permissions.includes(permission)
  const create = (parentId: string | null) => setOpen({ kind: 'edit', target: { parentId } })
  const itemsFor = (category: TreeCategory): MenuItem[] => [
    {
      label: 'Edit or move',
      icon: 'edit',
      onPick: () => setOpen({ kind: 'edit', target: { id: category.id } }),
      testId: 'category-edit',
    },
    ...(may('create:product') && mayHaveBelow(category)
      ? [
          {
            label: 'New one below it',
            icon: 'plus',
            onPick: () => create(category.id),
            testId: 'category-below',
          } as const,
        ]
      : []),
    ...(may('delete:product')
      ? [
          {
            label: 'Delete',
            icon: 'trash',
            isDanger: true,
            onPick: () => setOpen({ kind: 'delete', category }),
            testId: 'category-delete',
          } as const,
        ]
      : []),
  ]
  const close = () => setOpen(null)
  return (
    <AdminFrame
      part="catalog"
      title="Categories"
      about="In the order in which the shop shows them, at most five deep."
      back={{ href: catalogHref(), label: 'Back to the catalogue' }}
      actions={
        may('create:product') &&
        tree && (
          <Button kind="primary" onPress={() => create(null)} testId="new-category">
            <Icon name="plus" />
            New category
          </Button>
        )
      }
    >
      {problem !== null && <ErrorState problem={problem} onRetry={reload} />}
      {!tree && status === 'loading' && <SkeletonRows count={6} label="Loading the categories" />}
      {tree && tree.length === 0 && (
        <Notice title="No categories yet" withMark testId="no-categories">
          <p>Products can be sold without one. With them, the shop is narrowed by what something is.</p>
        </Notice>
      )}
      {tree && tree.length > 0 && <Branch tree={tree} parentId={null} itemsFor={itemsFor} />}
      {tree && open?.kind === 'edit' && (
        <CategoryDialog tree={tree} target={open.target} onChanged={reload} onClose={close} />
      )}
      {tree && open?.kind === 'delete' && (
        <DeleteCategory tree={tree} category={open.category} onChanged={reload} onClose={close} />
      )}
    </AdminFrame>
  )
}

interface BranchProps {
  tree: readonly TreeCategory[]
  parentId: string | null
  itemsFor: (category: TreeCategory) => MenuItem[]
}

function Branch({ tree, parentId, itemsFor }: BranchProps) {
  const rows = tree.filter((one) => one.parentId === parentId)
  if (rows.length === 0) return null
  return (
    <ul class="tree" aria-label={parentId === null ? 'Categories' : undefined} data-testid="tree">
      {rows.map((category) => (
        <li key={category.id}>
          <div class="tree-row" data-testid="category" data-slug={category.slug}>
            <span class="row-main">
              <span class="row-name">{category.name}</span>
              <span class="row-text">{category.slug}</span>
            </span>
            <a
              class="inline-link"
              href={hrefOf(ADDRESSES.adminCatalog, { category: category.slug })}
              onClick={followInside}
              aria-label={`Products in ${category.name}`}
              data-testid="category-products"
            >
              Products
            </a>
            <Menu label={`What to do with ${category.name}`} items={itemsFor(category)} testId="category-menu" />
          </div>
          <Branch tree={tree} parentId={category.id} itemsFor={itemsFor} />
        </li>
      ))}
    </ul>
  )
}
