import type { Page } from 'playwright-core'
import type { Scene } from '../support/scene.ts'
import { answer, FAILED, grow, refused, TREE } from '../support/shop-world.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const SHIRTS = TREE[1]

async function openTree(page: Page): Promise<void> {
  await grow(page)
  await page.goto('/app/admin/catalog/categories')
  await page.locator(byId('category')).first().waitFor()
}

async function pick(page: Page, slug: string, item: string): Promise<void> {
  await page.locator(`[data-slug="${slug}"] ${byId('category-menu')}`).click()
  await page.locator(byId(item)).click()
}

/** The tree of categories, for those who may change it. */
export const categoryScenes: Scene[] = [
  { name: 'categories', as: 'admin', open: openTree },
  {
    name: 'categories-empty',
    as: 'admin',
    async open(page) {
      await grow(page, [])
      await page.goto('/app/admin/catalog/categories')
      await page.locator(byId('no-categories')).waitFor()
    },
  },
  {
    name: 'categories-failed',
    as: 'admin',
    async open(page) {
      await page.route('**/v1/categories', (route) => route.fulfill(FAILED))
      await page.goto('/app/admin/catalog/categories')
      await page.locator(byId('error-state')).waitFor()
    },
  },
  {
    name: 'categories-forbidden',
    as: 'maya',
    async open(page) {
      await page.goto('/app/admin/catalog/categories')
      await page.locator(byId('forbidden')).waitFor()
    },
  },
  {
    name: 'category-new-problems',
    as: 'admin',
    async open(page) {
      await openTree(page)
      await pick(page, 'clothing', 'category-below')
      await page.locator(byId('category-slug')).fill('Not an address')
      await page.locator(byId('category-save')).click()
      await page.locator(byId('error-slug')).waitFor()
    },
  },
  {
    name: 'category-conflict',
    as: 'admin',
    async open(page) {
      await openTree(page)
      await pick(page, 'shirts', 'category-edit')
      await page.locator(byId('category-name')).fill('Shirts and blouses')
      const theirs = { ...SHIRTS, name: 'Tops', parentId: null, createdAt: MOMENT, updatedAt: MOMENT }
      await page.route(`**/v1/categories/${SHIRTS?.id}`, (route) =>
        route.request().method() === 'PUT'
          ? route.fulfill(refused(412, 'PRECONDITION_FAILED', 'It was changed meanwhile'))
          : route.fulfill({ ...answer(theirs), headers: { etag: '"2"' } }),
      )
      await page.locator(byId('category-save')).click()
      await page.locator(byId('category-conflict')).waitFor()
    },
  },
  {
    name: 'category-not-empty',
    as: 'admin',
    async open(page) {
      await openTree(page)
      await pick(page, 'shirts', 'category-delete')
      await page.route(`**/v1/categories/${SHIRTS?.id}`, (route) =>
        route.request().method() === 'DELETE'
          ? route.fulfill(refused(409, 'CONFLICT', 'There are categories below it, or products in it'))
          : route.fallback(),
      )
      await page.locator(byId('confirm-delete-yes')).click()
      await page.locator(byId('category-full')).waitFor()
    },
  },
]

const MOMENT = '2026-02-03T09:00:00.000Z'
