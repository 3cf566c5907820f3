import type { Page } from 'playwright-core'
import type { Scene } from '../support/scene.ts'
import { answer, asStaff, FAILED, PRODUCT, PRODUCTS, refused, show, stock } from '../support/shop-world.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const STATES = ['draft', 'published', 'published', 'archived'] as const
const ROWS = PRODUCTS.map((product, at) => asStaff(product, STATES[at % STATES.length]))
const EDITED = asStaff({ ...PRODUCT, images: [] })
const OPERATION = 'catalog.0199f0a0-7c1e-7cc0-8d8e-2f5b6a1c9d3e'
const HREF = `/app/admin/catalog?product=${PRODUCT.id}`

async function openList(page: Page): Promise<void> {
  await stock(page, ROWS)
  await page.goto('/app/admin/catalog')
  await page.locator(byId('catalog-row')).first().waitFor()
}

async function openEditor(page: Page): Promise<void> {
  await stock(page, ROWS)
  await show(page, EDITED)
  await page.goto(HREF)
  await page.locator(byId('product-form')).waitFor()
}

/** The catalogue of those who may change products. */
export const catalogScenes: Scene[] = [
  { name: 'catalog', as: 'admin', open: openList },
  {
    name: 'catalog-empty',
    as: 'admin',
    async open(page) {
      await stock(page, [], 0)
      await page.goto('/app/admin/catalog?state=archived&q=jacquard')
      await page.locator(byId('no-catalog')).waitFor()
    },
  },
  {
    name: 'catalog-failed',
    as: 'admin',
    async open(page) {
      await page.route('**/v1/products**', (route) => route.fulfill(FAILED))
      await page.goto('/app/admin/catalog')
      await page.locator(byId('error-state')).waitFor()
    },
  },
  {
    name: 'catalog-chosen',
    as: 'admin',
    async open(page) {
      await openList(page)
      await page.locator(byId('choose-all')).check()
      await page.locator(byId('bulk-publish')).waitFor()
    },
  },
  {
    name: 'catalog-archive-asks',
    as: 'admin',
    async open(page) {
      await openList(page)
      await page.locator(byId('choose-all')).check()
      await page.locator(byId('bulk-archive')).click()
      await page.locator(byId('confirm-archive')).waitFor()
    },
  },
  {
    name: 'catalog-bulk-edit',
    as: 'admin',
    async open(page) {
      await openList(page)
      await page.locator(byId('choose-all')).check()
      await page.locator(byId('bulk-edit')).click()
      await page.locator(byId('bulk-edit-go')).click()
      await page.getByText('Choose a category').waitFor()
    },
  },
  {
    name: 'catalog-bulk-under-way',
    as: 'admin',
    async open(page) {
      await openList(page)
      await page.route('**/publish', (route) =>
        route
          .request()
          .url()
          .includes(PRODUCTS[3]?.id ?? '')
          ? undefined
          : route.fulfill({ ...answer(EDITED), headers: { etag: '"2"' } }),
      )
      await page.locator(byId('choose-all')).check()
      await page.locator(byId('bulk-publish')).click()
      await page.getByText('3 of 8').waitFor()
    },
  },
  {
    name: 'catalog-bulk-outcome',
    as: 'admin',
    async open(page) {
      await openList(page)
      await page.route('**/publish', (route) =>
        route
          .request()
          .url()
          .includes(PRODUCTS[1]?.id ?? '')
          ? route.fulfill(refused(412, 'PRECONDITION_FAILED', 'It was changed meanwhile'))
          : route.fulfill({ ...answer(EDITED), headers: { etag: '"2"' } }),
      )
      await page.locator(byId('choose-all')).check()
      await page.locator(byId('bulk-publish')).click()
      await page.locator(byId('bulk-outcome')).waitFor()
    },
  },
  {
    name: 'catalog-process',
    as: 'admin',
    async open(page) {
      await openList(page)
      await page.locator(byId('process')).click()
      await page.locator(byId('process-which')).selectOption({ label: 'Brand: Weft & Co' })
      await page.locator(byId('process-go'), { hasText: '62' }).click()
      await page.locator(byId('error-percent')).waitFor()
    },
  },
  {
    name: 'catalog-process-under-way',
    as: 'admin',
    async open(page) {
      await stock(page, ROWS)
      const operation = { id: OPERATION, kind: 'products.process', state: 'running', result: { changed: 296 } }
      const progress = { done: 300, total: 812 }
      await page.route('**/v1/operations/**', (route) => route.fulfill(answer({ ...operation, progress, error: null })))
      await page.goto(`/app/admin/catalog?operation=${OPERATION}`)
      await page.getByText('300 of 812 looked at').waitFor()
    },
  },
  { name: 'catalog-edit', as: 'admin', open: openEditor },
  {
    name: 'catalog-edit-rows',
    as: 'admin',
    async open(page) {
      await openEditor(page)
      await page.locator(byId('add-image')).click()
      await page.locator(byId('image-url-0')).fill('linen')
      await page.locator(byId('add-attribute')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'catalog-edit-variants',
    as: 'admin',
    async open(page) {
      await openEditor(page)
      await page.locator(byId('variant-5-sku')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'catalog-new-problems',
    as: 'admin',
    async open(page) {
      await stock(page, ROWS)
      await page.goto('/app/admin/catalog?product=new')
      await page.locator(byId('product-name')).fill('Linen trousers with a drawstring')
      await page.locator(byId('product-price')).fill('dear')
      await page.locator(byId('save-product')).click()
      await page.locator(byId('error-price')).waitFor()
    },
  },
  {
    name: 'catalog-refused',
    as: 'admin',
    async open(page) {
      await openEditor(page)
      const taken = { field: 'slug', message: 'Another product has it' }
      await page.route(`**/v1/products/${PRODUCT.id}`, (route) =>
        route.fulfill(refused(409, 'CONFLICT', 'Another product has this address', [taken])),
      )
      await page.locator(byId('product-slug')).fill('wool-scarf')
      await page.locator(byId('save-product')).click()
      await page.locator(byId('error-slug')).waitFor()
    },
  },
  {
    name: 'catalog-conflict',
    as: 'admin',
    async open(page) {
      await openEditor(page)
      const theirs = { ...EDITED, price: 9_900, name: 'Linen shirt, straight cut' }
      await page.route(`**/v1/products/${PRODUCT.id}`, (route) =>
        route.request().method() === 'PUT'
          ? route.fulfill(refused(412, 'PRECONDITION_FAILED', 'It was changed meanwhile'))
          : route.fulfill({ ...answer(theirs), headers: { etag: '"2"' } }),
      )
      await page.locator(byId('product-brand')).fill('Weft and Company')
      await page.locator(byId('save-product')).click()
      await page.locator(byId('conflict')).waitFor()
    },
  },
  {
    name: 'catalog-restored',
    as: 'admin',
    async open(page) {
      await openEditor(page)
      await page.locator(byId('product-brand')).fill('Weft and Company')
      await page.reload()
      await page.locator(byId('restored')).waitFor()
    },
  },
]
