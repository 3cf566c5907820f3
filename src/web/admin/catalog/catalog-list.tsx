import { useState } from 'preact/hooks'
import type { ProductState } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Icon } from '../../components/icon.tsx'
import { Notice } from '../../components/notice.tsx'
import { Pager } from '../../components/pager.tsx'
import { Select } from '../../components/select.tsx'
import { Table } from '../../components/table.tsx'
import { useLatest } from '../../components/use-latest.ts'
import { ADDRESSES, catalogHref, followInside, hrefWith, replace, route } from '../../route.ts'
import { numbered } from '../../shop/products.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { AddressSearch } from './address-search.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { columnsOf, STATE_NAMES } from './catalog-columns.tsx'
import { OperationNews } from './operation-news.tsx'
import { ProcessDialog } from './process-dialog.tsx'

const PAGE_SIZE = 20

/** Everything that is or was for sale, the newest first. */
export function CatalogList() {
  const { client, user } = useWorkspace()
  const { q, category, state: wanted, page: wantedPage, operation } = useStore(route).query
  const state = (Object.keys(STATE_NAMES) as ProductState[]).find((one) => one === wanted)
  const page = /^[1-9]\d{0,2}$/.test(wantedPage ?? '') ? Number(wantedPage) : 1
  const [isProcessing, setProcessing] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const { data, isLoading, problem, reload } = useLatest(
    (signal) =>
      numbered(
        client.products.list({ search: q, category, state, page, limit: PAGE_SIZE, sort: '-createdAt' }, { signal }),
      ),
    [client, q, category, state, page],
  )
  const items = data?.items ?? []
  const onPage = items.filter(({ id }) => chosen.has(id))
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen)
    if (isChosen) next.add(id)
    else next.delete(id)
    setChosen(next)
  }

  return (
    <AdminFrame
      part="catalog"
      about="Everything that is or was for sale, newest first."
      actions={
        <>
          <a
            class="button button-plain"
            href={ADDRESSES.adminCategories}
            onClick={followInside}
            data-testid="to-categories"
          >
            Categories
          </a>
          {user.permissions.includes('update:product') && (
            <Button onPress={() => setProcessing(true)} testId="process">
              Change many
            </Button>
          )}
          {user.permissions.includes('create:product') && (
            <a class="button button-primary" href={catalogHref('new')} onClick={followInside} data-testid="new-product">
              <Icon name="plus" />
              New product
            </a>
          )}
        </>
      }
    >
      <div class="filters">
        <div class="filter-wide">
          <AddressSearch
            label="Search by name, description, SKU or tag"
            placeholder="Name, description, SKU or tag"
            testId="catalog-search"
          />
        </div>
        <Select
          label="State"
          options={[
            { value: '', label: 'Any' },
            ...Object.entries(STATE_NAMES).map(([value, label]) => ({ value, label })),
          ]}
          value={state ?? ''}
          onChange={(value) => replace(hrefWith({ state: value || null, page: null }))}
          testId="catalog-state"
        />
      </div>
      {category !== undefined && (
        <p class="chosen" data-testid="chosen-category">
          In the category <strong>{category}</strong>
          <Button
            kind="icon"
            label={`Not only in the category ${category}`}
            onPress={() => replace(hrefWith({ category: null, page: null }))}
          >
            <Icon name="close" />
          </Button>
        </p>
      )}
      <div class="bulk">
        <div role="status">
          {operation && (
            <OperationNews
              key={operation}
              id={operation}
              onOver={reload}
              onClose={() => replace(hrefWith({ operation: null }))}
            />
          )}
        </div>
      </div>
      {isProcessing && (
        <ProcessDialog
          onBegun={(id) => {
            setProcessing(false)
            // In the address, so that a reload comes back to it.
            replace(hrefWith({ operation: id }))
          }}
          onClose={() => setProcessing(false)}
        />
      )}
      <BulkBar
        chosen={onPage}
        onDone={(failed) => {
          setChosen(new Set(failed))
          reload()
        }}
        onClear={() => setChosen(new Set())}
      />
      {problem ? (
        <ErrorState problem={problem} onRetry={reload} />
      ) : (
        <>
          {items.length > 0 && (
            <label class="choose-all">
              <input
                type="checkbox"
                class="checkbox"
                checked={onPage.length === items.length}
                onChange={({ currentTarget }) =>
                  setChosen(new Set(currentTarget.checked ? items.map(({ id }) => id) : []))
                }
                data-testid="choose-all"
              />
              All on this page
            </label>
          )}
          <Table
            caption="Products, newest first"
            columns={columnsOf(chosen, choose)}
            rows={items}
            keyOf={({ id }) => id}
            isLoading={isLoading}
            empty={<NoProducts isNarrowed={q !== undefined || state !== undefined || category !== undefined} />}
            testId="catalog"
          />
          {data && (
            <Pager
              label="Pages of products"
              page={data.page}
              totalPages={data.totalPages}
              hasNext={data.hasNextPage}
              hrefOf={(to) => hrefWith({ page: to > 1 ? to : null })}
            />
          )}
        </>
      )}
    </AdminFrame>
  )
}

function NoProducts({ isNarrowed }: { isNarrowed: boolean }) {
  return (
    <Notice title={isNarrowed ? 'Nothing found' : 'Nothing for sale yet'} withMark testId="no-catalog">
      <p>
        {isNarrowed ? 'Try another word, or any state.' : 'The first product begins as a draft that nobody else sees.'}
      </p>
    </Notice>
  )
}
