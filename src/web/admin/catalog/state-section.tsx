import { useState } from 'preact/hooks'
import type { Product } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { followInside, productHref } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'
import { Facts } from '../facts.tsx'
import { formatMoment } from '../formats.ts'
import { ProductStateWord } from './catalog-columns.tsx'
import type { ProductEditing } from './use-product-editor.ts'

/** Whether it is in the shop, and the ways in and out. */
export function StateSection({ editing: { move, isDirty }, product }: { editing: ProductEditing; product: Product }) {
  const { user } = useWorkspace()
  const [asks, setAsks] = useState(false)
  const may = (permission: string) => user.permissions.includes(permission)
  const { state, slug, name, createdAt, updatedAt, publishedAt } = product
  return (
    <PageSection
      title="State"
      about={isDirty ? 'What is not saved yet is not part of it.' : undefined}
      actions={
        <>
          {state !== 'published' && may('publish:product') && (
            <Button kind="primary" isBusy={move.isBusy} onPress={() => void move.run('publish')} testId="publish">
              Publish
            </Button>
          )}
          {state !== 'archived' && may('delete:product') && (
            <Button isBusy={move.isBusy} onPress={() => setAsks(true)} testId="archive">
              Archive
            </Button>
          )}
        </>
      }
    >
      <Facts
        facts={[
          ['State', <ProductStateWord key="state" state={state} />],
          [
            'In the shop',
            <a key="shop" class="inline-link" href={productHref(slug)} onClick={followInside} data-testid="to-shop">
              {state === 'published' ? 'See it as everybody does' : 'See how it will look'}
            </a>,
          ],
          ['Made', formatMoment(createdAt)],
          ['Changed', formatMoment(updatedAt)],
          ['Published', publishedAt && formatMoment(publishedAt)],
        ]}
      />
      {asks && (
        <Confirm
          title={`Archive ${name}?`}
          text="It leaves the shop at once, as if it were deleted. Here it stays, and can be published again."
          action="Archive"
          isBusy={move.isBusy}
          testId="confirm-archive"
          onConfirm={async () => {
            await move.run('archive')
            setAsks(false)
          }}
          onCancel={() => setAsks(false)}
        />
      )}
    </PageSection>
  )
}
