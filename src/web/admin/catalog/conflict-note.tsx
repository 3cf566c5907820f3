import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import type { TaggedProduct } from '../../shop/products.ts'
import { differencesOf } from './product-form.ts'
import type { ProductEditing } from './use-product-editor.ts'

/** Two have changed the same product: what the other one did, and the two ways to go on. */
export function ConflictNote({ editing, theirs }: { editing: ProductEditing; theirs: TaggedProduct }) {
  const { base, save } = editing
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [theirs])
  const changed = base ? differencesOf(base.product, theirs.product) : []
  return (
    <section class="note editor-conflict" role="alert" data-testid="conflict">
      <h2 ref={heading} tabIndex={-1}>
        Somebody else changed it
      </h2>
      <p>
        Since you began, this product was saved by somebody else.
        {changed.length > 0 && ` Changed there: ${changed.join(', ')}.`} What you have typed is still here, and nothing
        of it has replaced theirs.
      </p>
      <div class="page-actions">
        <Button onPress={() => editing.startOver(theirs)} testId="take-theirs">
          Show theirs, drop mine
        </Button>
        <Button kind="primary" isBusy={save.isBusy} onPress={() => editing.saveOver(theirs)} testId="save-over">
          Save mine over theirs
        </Button>
      </div>
    </section>
  )
}
