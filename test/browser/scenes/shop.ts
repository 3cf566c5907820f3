import type { Scene } from '../support/scene.ts'
import { asStaff, FAILED, MISSING, PRODUCT, PRODUCTS, show, stock } from '../support/shop-world.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const CHOSEN = '?category=shirts&brand=Weft%20%26%20Co&price=5000-10000&stock=in&tags=linen,summer'

/** The shop, for those who are signed in and for those who are not. */
export const shopScenes: Scene[] = [
  {
    name: 'shop',
    as: 'nobody',
    async open(page) {
      await stock(page)
      await page.goto('/app/shop')
      await page.locator(byId('product-card')).first().waitFor()
      await page.locator(byId('facet-category-shirts')).waitFor({ state: 'attached' })
    },
  },
  {
    name: 'shop-narrowed',
    as: 'maya',
    async open(page) {
      await stock(page, PRODUCTS.slice(0, 3), 3)
      await page.goto(`/app/shop${CHOSEN}`)
      await page.locator(byId('chips')).waitFor()
      await page.locator(byId('facet-tags-linen')).waitFor({ state: 'attached' })
      const button = page.locator(byId('shop-filters-button'))
      if (await button.isVisible()) await button.click()
    },
  },
  {
    name: 'shop-search',
    as: 'nobody',
    async open(page) {
      await stock(page)
      await page.goto('/app/shop')
      await page.locator(byId('shop-search')).fill('linen')
      await page.locator('mark').first().waitFor()
      await page.locator(byId('shop-pages')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'shop-loading',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/products**', () => undefined)
      await page.goto('/app/shop')
      await page.locator('.product-card .skeleton').first().waitFor({ state: 'attached' })
    },
  },
  {
    name: 'shop-empty',
    as: 'nobody',
    async open(page) {
      await stock(page, [], 0)
      await page.goto(`/app/shop${CHOSEN}&q=jacquard`)
      await page.locator(byId('no-products')).waitFor()
    },
  },
  {
    name: 'shop-unknown-category',
    as: 'nobody',
    async open(page) {
      await stock(page, [], 0)
      await page.goto('/app/shop?category=jacquard')
      await page.locator(byId('unknown-category')).waitFor()
    },
  },
  {
    name: 'shop-failed',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/products**', (route) => route.fulfill(FAILED))
      await page.goto('/app/shop')
      await page.locator(byId('error-state')).waitFor()
    },
  },
  {
    name: 'product',
    as: 'nobody',
    async open(page) {
      await show(page, PRODUCT)
      await page.goto(`/app/shop/${PRODUCT.slug}`)
      await page.locator(byId('product')).waitFor()
    },
  },
  {
    name: 'product-draft',
    as: 'admin',
    async open(page) {
      const { slug } = PRODUCT
      await show(page, asStaff({ ...PRODUCT, images: [], variants: [], stock: 0, inStock: false }, 'draft'))
      await page.goto(`/app/shop/${slug}`)
      await page.locator(byId('unpublished')).waitFor()
    },
  },
  {
    name: 'product-loading',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/products/**', () => undefined)
      await page.goto('/app/shop/linen-shirt')
      await page.locator('.product .skeleton').first().waitFor({ state: 'attached' })
    },
  },
  {
    name: 'product-missing',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/products/**', (route) => route.fulfill(MISSING))
      await page.goto('/app/shop/linen-shirt')
      await page.locator(byId('unknown-product')).waitFor()
    },
  },
  {
    name: 'sign-in-from-shop',
    as: 'nobody',
    async open(page) {
      await show(page, PRODUCT)
      await page.goto(`/app/shop/${PRODUCT.slug}`)
      await page.locator(byId('guest-sign-in')).click()
      await page.locator(byId('wanted-place')).waitFor()
    },
  },
]
