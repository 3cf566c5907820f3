import type { Page } from 'playwright-core'
import { OWN, REVIEWS, review } from '../support/review-world.ts'
import type { Scene } from '../support/scene.ts'
import { FAILED, PRODUCT, show } from '../support/shop-world.ts'

const byId = (id: string) => `[data-testid="${id}"]`

async function openReviews(page: Page, query = ''): Promise<void> {
  await show(page, PRODUCT)
  await page.goto(`/app/shop/${PRODUCT.slug}${query}`)
  await page.locator(byId('reviews')).scrollIntoViewIfNeeded()
}

/** What people say of a product. */
export const reviewScenes: Scene[] = [
  {
    name: 'reviews',
    as: 'nobody',
    async open(page) {
      await review(page, REVIEWS)
      await openReviews(page)
      await page.locator(byId('review-pages')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'reviews-none',
    as: 'maya',
    async open(page) {
      await review(page, [], { mayReview: true })
      await openReviews(page)
      await page.locator(byId('no-reviews')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'reviews-failed',
    as: 'nobody',
    async open(page) {
      await show(page, PRODUCT)
      await page.route(`**/v1/products/${PRODUCT.id}/reviews**`, (route) => route.fulfill(FAILED))
      await page.goto(`/app/shop/${PRODUCT.slug}`)
      await page.locator(byId('error-state')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'review-own-hidden',
    as: 'maya',
    async open(page) {
      await review(page, [OWN, ...REVIEWS], { own: OWN })
      await openReviews(page)
      await page.locator(byId('own-review-hidden')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'review-problems',
    as: 'maya',
    async open(page) {
      await review(page, REVIEWS, { mayReview: true })
      await openReviews(page)
      await page.locator(byId('write-review')).click()
      await page.locator(byId('review-save')).click()
      await page.locator(byId('error-text')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'review-hide-asks',
    as: 'admin',
    async open(page) {
      await review(page, REVIEWS)
      await openReviews(page)
      await page.locator(byId('review-hide')).first().click()
      await page.locator(byId('reason-dialog')).waitFor()
    },
  },
  {
    name: 'reviews-hidden',
    as: 'admin',
    async open(page) {
      await review(page, [OWN, ...REVIEWS])
      await openReviews(page, '?hidden=yes')
      await page.locator(byId('review-restore')).scrollIntoViewIfNeeded()
    },
  },
]
