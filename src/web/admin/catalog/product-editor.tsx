import { ApiError } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Notice } from '../../components/notice.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { useLoad } from '../../components/use-load.ts'
import { ADDRESSES } from '../../route.ts'
import { categoryChoices } from '../../shop/category-tree.ts'
import { type TaggedProduct, tagged } from '../../shop/products.ts'
import { useWorkspace } from '../../workspace.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { ConflictNote } from './conflict-note.tsx'
import { FactFields, ImageFields } from './detail-fields.tsx'
import { isOnlyStockLeft } from './edited-product.ts'
import { MainFields, SaleFields } from './main-fields.tsx'
import { withoutField } from './product-form.ts'
import { StateSection } from './state-section.tsx'
import { type ProductEditing, useProductEditor } from './use-product-editor.ts'
import { VariantFields } from './variant-fields.tsx'

const NEW = 'new'
const BACK = { href: ADDRESSES.adminCatalog, label: 'Back to the catalogue' }

interface Ready {
  loaded: TaggedProduct | null
  currency: string
  categories: ReturnType<typeof categoryChoices>
}

/** One product with all that it has, or one that is to be made. */
export function ProductEditor({ id }: { id: string }) {
  const { client } = useWorkspace()
  const { data, status, problem, reload } = useLoad(
    async (signal): Promise<Ready> => {
      const [tree, loaded, facets] = await Promise.all([
        client.categories.tree({ signal }),
        id === NEW ? null : tagged(client.products.get(id, { signal })),
        id === NEW ? client.products.facets({}, { signal }) : null,
      ])
      const currency = loaded?.product.currency ?? facets?.currency
      if (currency === undefined) throw new TypeError('Nothing has told what prices are in')
      return { loaded, currency, categories: categoryChoices(tree) }
    },
    [client, id],
  )
  if (data) return <Editor id={id} {...data} />
  const isMissing = problem instanceof ApiError && [400, 404].includes(problem.status)
  return (
    <AdminFrame part="catalog" title="Product" back={BACK}>
      {status !== 'failed' ? (
        <SkeletonRows count={5} label="Loading the product" />
      ) : isMissing ? (
        <Notice title="There is no such product" withMark level={2} testId="unknown-product">
          <p>The address may be mistyped.</p>
        </Notice>
      ) : (
        <ErrorState problem={problem} onRetry={reload} />
      )}
    </AdminFrame>
  )
}

function Editor({ id, loaded, currency, categories }: Ready & { id: string }) {
  const editing = useProductEditor(id, loaded, currency)
  const { base, form, isDirty, isRestored, theirs, save, problems } = editing
  const isWrong = Object.keys(problems).length > 0 || (save.problem !== null && theirs === null)
  return (
    <AdminFrame part="catalog" title={base ? base.product.name : form.name.trim() || 'New product'} back={BACK}>
      {theirs && <ConflictNote editing={editing} theirs={theirs} />}
      {isRestored && isDirty && !theirs && (
        <div class="note editor-note" role="status" data-testid="restored">
          <p>What you had not saved is still here.</p>
          <Button kind="text" onPress={() => editing.startOver()} testId="discard">
            Throw it away
          </Button>
        </div>
      )}
      {base && <StateSection editing={editing} product={(theirs ?? base).product} />}
      <form
        class="editor"
        ref={editing.frame}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          editing.saveNow()
        }}
        data-testid="product-form"
      >
        <MainFields editing={editing} categories={categories} />
        <SaleFields editing={editing} currency={currency} />
        <ImageFields editing={editing} />
        <FactFields editing={editing} />
        <VariantFields editing={editing} currency={currency} />
        <div class="editor-save">
          <p role="status" class={isWrong ? 'error-text' : ''} data-testid="save-state">
            {stateWords(editing)}
          </p>
          <Button kind="primary" type="submit" isBusy={save.isBusy} disabled={!isDirty} testId="save-product">
            {base ? 'Save' : 'Make the draft'}
          </Button>
        </div>
      </form>
    </AdminFrame>
  )
}

function stateWords({ problems, save, theirs, isDirty, base, form }: ProductEditing): string {
  const others = withoutField(problems)
  if (others.length > 0) return `${others.join('. ')}.`
  const count = Object.keys(problems).length
  if (count > 0) return count === 1 ? 'One field needs another look.' : `${count} fields need another look.`
  if (save.problem && !theirs) {
    return isOnlyStockLeft({ form, base }) ? `All but the stock is saved. ${save.problem}` : save.problem
  }
  if (isDirty) return 'Not saved yet. It is kept in this browser.'
  return base ? 'Saved.' : ''
}
