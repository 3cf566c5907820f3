import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'
import { testSettings } from '../support/test-settings.ts'
import { REVIEWS, review } from './support/review-world.ts'
import { PRODUCT, show } from './support/shop-world.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const PICTURE = 'https://pictures.test/shirt.svg'

describe.skipIf(CHROMIUM_PATH === '')('the shop', () => {
  let system: RunningSystem
  let browser: Browser
  let seller: Client
  let admin: Visitor
  let guest: Visitor

  beforeAll(async () => {
    system = await startSystem({}, [])
    browser = await launchBrowser()
    const { BOOTSTRAP_ADMIN_EMAIL: email = '', BOOTSTRAP_ADMIN_PASSWORD: password = '' } = testSettings()
    seller = createClient({ baseUrl: system.url.origin, session: 'body' })
    await seller.auth.login({ email, password })
    const { value: home } = await seller.categories.create({ name: 'Home' })
    await seller.categories.create({ name: 'Kitchen', parentId: home.id })
    for (const [name, price, stock, tags] of [
      ['Linen apron', 3_900, 4, ['kitchen']],
      ['Wool scarf', 6_450, 0, ['winter']],
      ['Canvas tote', 2_400, 9, ['summer']],
    ] as const) {
      const sku = name.replace(' ', '-')
      const { value } = await seller.products.create({ name, sku, price, stock, tags: [...tags] })
      await seller.products.publish(value.id)
    }
    admin = await visitor()
    const data = { email, password, session: 'cookie' }
    expect((await admin.context.request.post('/v1/auth/login', { data })).ok()).toBe(true)
    guest = await visitor()
  })

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    await screenshot(admin.page, 'failed-shop-admin')
    await screenshot(guest.page, 'failed-shop-guest')
  })

  afterAll(async () => {
    seller?.close()
    await browser?.close()
    await system?.close()
  })

  async function visitor(): Promise<Visitor> {
    const made = await newVisitor(browser, system.url.origin)
    const body = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30"/></svg>'
    await made.context.route(PICTURE, (route) => route.fulfill({ contentType: 'image/svg+xml', body }))
    return made
  }
  const fill = (page: Page, field: string, text: string) => page.locator(byId(field)).fill(text)
  const press = (page: Page, id: string) => page.locator(byId(id)).click()
  /** On a phone the filters are behind a button. */
  const narrow = async (id: string) => {
    const button = guest.page.locator(byId('shop-filters-button'))
    if ((await button.isVisible()) && (await button.getAttribute('aria-expanded')) === 'false') await button.click()
    await press(guest.page, id)
  }
  const count = (text: string) => guest.page.locator(byId('shop-count'), { hasText: text }).waitFor()
  const cards = () => guest.page.locator(`${byId('product-card')} h2`).allTextContents()

  it('gets a product that somebody has made, with a proposed address, a picture and variants, and published', async () => {
    const { page } = admin
    await page.goto('/app/admin/catalog')
    await press(page, 'new-product')
    await fill(page, 'product-name', 'Linen Shirt, écru')
    expect(await page.locator(byId('product-slug')).inputValue()).toBe('linen-shirt-ecru')
    await press(page, 'save-product')
    await page.locator(byId('error-sku')).waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('sku')

    await fill(page, 'product-sku', 'Wool-scarf')
    await fill(page, 'product-price', '89,50')
    await fill(page, 'product-stock', '12')
    await page.locator(byId('product-categoryId')).selectOption({ label: 'Home / Kitchen' })
    await fill(page, 'product-tags', 'summer, linen')
    await press(page, 'add-image')
    await fill(page, 'image-url-0', PICTURE)
    await page.waitForFunction(() => {
      const preview = document.querySelector('[data-testid="preview"] img')
      return preview instanceof HTMLImageElement && preview.naturalWidth > 0
    })
    for (const [at, size] of ['S', 'M'].entries()) {
      await press(page, 'add-variant')
      if (at === 0) await fill(page, 'product-differences', 'size')
      await fill(page, `variant-${at}-size`, size)
      await fill(page, `variant-${at}-sku`, `LS-${size}`)
    }
    await fill(page, 'variant-1-price', '94')
    await press(page, 'save-product')
    // Another product has this one: the server says so, at its field.
    await page.locator(byId('error-sku')).waitFor()
    await fill(page, 'product-sku', 'LS')
    await press(page, 'save-product')
    await page.locator(byId('publish')).click()
    await page.getByText('It is in the shop now.').waitFor()
  })

  it('keeps what was typed and not saved, and lets nobody overwrite what somebody else has saved unseen', async () => {
    const { page } = admin
    await fill(page, 'product-brand', 'Weft & Co')
    await page.reload()
    await page.locator(byId('restored')).waitFor()
    expect(await page.locator(byId('product-brand')).inputValue()).toBe('Weft & Co')

    const { value, etag } = await seller.products.get('linen-shirt-ecru')
    await seller.products.change(value.id, etag, { price: 9_900 })
    await press(page, 'save-product')
    expect(await page.locator(byId('conflict')).textContent()).toContain('Changed there: price.')
    expect((await seller.products.get('linen-shirt-ecru')).value.brand).toBe(null)
    await press(page, 'take-theirs')
    expect(await page.locator(byId('product-price')).inputValue()).toBe('99.00')
    await fill(page, 'product-brand', 'Weft & Co')
    await press(page, 'save-product')
    await page.locator(byId('save-state'), { hasText: 'Saved.' }).waitFor()
    expect((await seller.products.get('linen-shirt-ecru')).value).toMatchObject({ brand: 'Weft & Co', price: 9_900 })
  })

  it('has a tree of categories: made, moved, kept whole where two change one, and deleted where nothing is in it', async () => {
    const { page } = admin
    const pick = async (slug: string, item: string) => {
      await page.locator(`[data-slug="${slug}"] > ${byId('category-menu')}`).click()
      await press(page, item)
    }
    await page.goto('/app/admin/catalog')
    await press(page, 'to-categories')
    await pick('kitchen', 'category-below')
    await fill(page, 'category-name', 'Tea Towels')
    expect(await page.locator(byId('category-slug')).inputValue()).toBe('tea-towels')
    await fill(page, 'category-slug', 'home')
    await press(page, 'category-save')
    await page.locator(byId('error-slug'), { hasText: 'Another category has this slug' }).waitFor()
    await fill(page, 'category-slug', 'tea-towels')
    await press(page, 'category-save')
    await pick('tea-towels', 'category-edit')
    await page.locator(byId('category-name')).waitFor()
    const tree = await seller.categories.tree()
    const { id = '', path } = tree.find(({ slug }) => slug === 'tea-towels') ?? {}
    expect(path).toEqual(['home', 'kitchen', 'tea-towels'])

    const { etag } = await seller.categories.get(id)
    await seller.categories.change(id, etag, { name: 'Towels' })
    await page.locator(byId('category-parent')).selectOption({ label: 'Home' })
    await press(page, 'category-save')
    await page.locator(byId('category-conflict'), { hasText: 'Changed there: name.' }).waitFor()
    expect((await seller.categories.get(id)).value.name).toBe('Towels')
    await press(page, 'take-theirs')
    await page.locator(byId('category-parent')).selectOption({ label: 'Home' })
    await press(page, 'category-save')
    await page.locator(byId('category-dialog')).waitFor({ state: 'detached' })
    const moved = (await seller.categories.tree()).find((one) => one.id === id)
    expect(moved).toMatchObject({ name: 'Towels', path: ['home', 'tea-towels'] })

    await pick('kitchen', 'category-delete')
    await press(page, 'confirm-delete-yes')
    await page.locator(byId('category-full')).getByText('See its products').click()
    await page.locator(byId('catalog-row'), { hasText: 'Linen Shirt' }).waitFor()
    expect(await page.locator(byId('catalog-row')).count()).toBe(1)
    await page.goBack()
    await pick('tea-towels', 'category-delete')
    await press(page, 'confirm-delete-yes')
    await page.locator('[data-slug="tea-towels"]').waitFor({ state: 'detached' })
    expect((await seller.categories.tree()).map(({ slug }) => slug)).toEqual(['home', 'kitchen'])
  })

  it('keeps what is typed while a save is on its way, what was saved before it failed, and the stock of others', async () => {
    const { page } = admin
    const { value: scarf } = await seller.products.get('wool-scarf')
    await page.goto(`/app/admin/catalog?product=${scarf.id}`)
    await fill(page, 'product-brand', 'Weft')
    await fill(page, 'product-stock', '30')
    const pressed = Promise.withResolvers<void>()
    await page.route('**/stock', async (route) => {
      await fill(page, 'product-description', 'Typed meanwhile')
      pressed.resolve()
      await route.fulfill({ status: 503, json: { success: false, statusCode: 503, code: 'UNAVAILABLE', message: '' } })
    })
    await press(page, 'save-product')
    await pressed.promise
    await page.locator(byId('save-state'), { hasText: 'Busy' }).waitFor()
    expect(await page.locator(byId('product-description')).inputValue()).toBe('Typed meanwhile')
    expect(await page.locator(byId('product-stock')).inputValue()).toBe('30')
    expect((await seller.products.get(scarf.id)).value).toMatchObject({ brand: 'Weft', stock: 0, description: '' })
    await page.unroute('**/stock')
    await press(page, 'save-product')
    await page.locator(byId('save-state'), { hasText: 'Saved.' }).waitFor()
    expect((await seller.products.get(scarf.id)).value).toMatchObject({ stock: 30, description: 'Typed meanwhile' })

    await fill(page, 'product-description', 'Warm')
    await seller.products.setStock(scarf.id, 0)
    await press(page, 'save-product')
    await press(page, 'save-over')
    await page.locator(byId('save-state'), { hasText: 'Saved.' }).waitFor()
    expect((await seller.products.get(scarf.id)).value).toMatchObject({ stock: 0, description: 'Warm' })
  })

  it('is searched and narrowed by a guest, by addresses that can be sent on and gone back through', async () => {
    const { page } = guest
    await page.goto('/app/shop')
    await count('4 products')
    const search = page.locator(byId('shop-search'))
    await search.pressSequentially('linen ')
    await count('2 products')
    expect(await search.inputValue()).toBe('linen ')
    expect(await search.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(new URL(page.url()).search).toBe('?q=linen')
    // A letter that comes after the address has changed, and before the page has heard of it.
    await search.evaluate((field: HTMLInputElement) => {
      const change = history.replaceState.bind(history)
      history.replaceState = (...to) => {
        history.replaceState = change
        change(...to)
        field.value += 's'
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }
    })
    await search.fill('line')
    await page.waitForURL((url) => url.search === '?q=lines', { timeout: 10_000 })
    expect(await search.inputValue()).toBe('lines')
    await search.fill('linen')
    await count('2 products')

    await narrow('facet-tags-kitchen')
    await count('1 product')
    expect(await cards()).toEqual(['Linen apron'])
    await page.goBack()
    await count('2 products')
    await page.goForward()
    await count('1 product')
    const { page: friend } = await newVisitor(browser, system.url.origin)
    await friend.goto(page.url())
    await friend.locator(byId('shop-count'), { hasText: '1 product' }).waitFor()

    await press(page, 'clear-filters')
    await count('2 products')
    await narrow('facet-category-kitchen')
    await count('1 product')
    await page.goBack()
    await count('2 products')
    await search.fill('')
    await count('4 products')
    await page.locator(byId('shop-sort')).selectOption('price-up')
    await page
      .locator(`${byId('product-card')} h2`, { hasText: 'Canvas tote' })
      .first()
      .waitFor()
    await narrow('facet-stock-in')
    await count('3 products')
    expect(await cards()).toEqual(['Canvas tote', 'Linen apron', 'Linen Shirt, écru'])
  })

  it('shows a product in the form that is chosen, and says so where there is none', async () => {
    const { page } = guest
    await page.getByText('Linen Shirt, écru').click()
    await page.locator(byId('product')).waitFor()
    expect(await page.locator(byId('sku')).textContent()).toBe('LS-S')
    await page.locator(byId('variant-size-M')).check()
    expect(await page.locator(byId('price')).textContent()).toContain('94.00')
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/app/shop/linen-shirt-ecru?variant=LS-M')

    const answer = await page.goto('/app/shop/jacquard-shirt')
    expect(answer?.status()).toBe(404)
    await page.locator(byId('unknown-product')).waitFor()
    expect((await page.goto('/app/shop?category=jacquard'))?.status()).toBe(404)
    await page.locator(byId('unknown-category')).getByText('To the shop').click()
    await count('4 products')
    expect((await page.reload())?.status()).toBe(200)
    expect(guest.network.filter((line) => line.includes('/v1/auth'))).toEqual([])
    expect([...guest.errors, ...admin.errors]).toEqual([])
  })

  it('has whoever signs in from it back where they were, also by a registration', async () => {
    const { page } = await visitor()
    await page.goto('/app/shop/wool-scarf?variant=none')
    await press(page, 'guest-sign-in')
    await page.locator(byId('wanted-place'), { hasText: 'back in the shop' }).waitFor()
    await press(page, 'show-register')
    const person = { firstName: 'Ida', lastName: 'Berg', email: 'ida@people.test', password: 'Kettle-river-anvil-9' }
    for (const [name, text] of Object.entries(person)) await page.locator(`input[name="${name}"]`).fill(text)
    await press(page, 'register-submit')
    await page.locator(byId('product')).waitFor()
    expect(page.url()).toBe(new URL('/app/shop/wool-scarf?variant=none', system.url).href)
    // Not through the sign-in page again.
    await page.goBack()
    expect(new URL(page.url()).pathname).toBe('/app/shop/wool-scarf')

    await page.context().clearCookies()
    await page.goto('/?next=//evil.test/app/shop')
    await page.locator('input[name="email"]').fill(person.email)
    await page.locator('input[name="password"]').fill(person.password)
    await press(page, 'login-submit')
    await page.locator(byId('current-user')).waitFor()
    expect(new URL(page.url()).host).toBe(system.url.host)
  })

  it('shows what people say of a product: written once, changed, hidden with a reason and shown again', async () => {
    const { page } = admin
    // Nothing of it is there while it is not switched on.
    await page.goto('/app/shop/wool-scarf')
    const asked = page.waitForResponse((response) => response.url().includes('/reviews'))
    await page.reload()
    expect((await asked).status()).toBe(404)
    await page.locator(byId('product')).waitFor()
    expect(await page.getByRole('heading', { name: 'Reviews' }).count()).toBe(0)

    await show(page, PRODUCT)
    await review(page, REVIEWS, { mayReview: true })
    await page.goto(`/app/shop/${PRODUCT.slug}`)
    const texts = page.locator(`${byId('review')} .review-text`)
    await page.locator(byId('review-summary'), { hasText: '4.25 of 5, by 4 people' }).waitFor()
    await page.locator(byId('review-order')).selectOption('worst')
    await texts.first().getByText('Too long').waitFor()
    await page.locator(byId('review-pages')).getByLabel('Page 2').click()
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="review"]').length === 1)
    await page.locator(byId('review-order')).selectOption('newest')

    await press(page, 'write-review')
    await press(page, 'review-save')
    await page.locator(byId('error-stars')).waitFor()
    await page.locator(byId('review-stars-2')).check({ force: true })
    await fill(page, 'review-text', 'It shrank.')
    await page.getByText('10 of 2,000 characters').waitFor()
    await press(page, 'review-save')
    await page.locator(byId('review-summary'), { hasText: '3.8 of 5, by 5 people' }).waitFor()
    expect(await page.locator(byId('write-review')).count()).toBe(0)
    await press(page, 'review-edit')
    await fill(page, 'review-text', 'It shrank a little.')
    await press(page, 'review-save')
    await page.locator(byId('own-review'), { hasText: 'a little' }).waitFor()

    await page.locator(byId('review-hide')).nth(1).click()
    await fill(page, 'reason', 'It is an advertisement')
    await press(page, 'reason-go')
    await page.locator(byId('review-summary'), { hasText: 'by 4 people' }).waitFor()
    await page.getByText('Hidden ones').click()
    await page.locator(byId('review-hidden'), { hasText: 'It is an advertisement' }).waitFor()
    await press(page, 'review-restore')
    await fill(page, 'reason', 'It was none')
    await press(page, 'reason-go')
    await page.locator(byId('no-reviews')).waitFor()
    await press(page, 'review-delete')
    await press(page, 'review-delete-confirm-yes')
    await page.locator(byId('write-review')).waitFor()
    await page.unrouteAll()
  })

  it('changes the prices of a whole category, and tells its seller how far it is, also after a reload', async () => {
    const { page } = admin
    const before = (await seller.products.get('linen-shirt-ecru')).value.price ?? 0
    await page.goto('/app/admin/catalog')
    await press(page, 'process')
    await page.locator(byId('process-which')).selectOption({ label: 'Category: Home / Kitchen' })
    await fill(page, 'process-percent', '-10')
    await page.locator(byId('process-go'), { hasText: 'Reprice 1 product' }).click()
    await page.locator(byId('operation')).waitFor()
    await page.reload()
    await page.locator(byId('operation-over'), { hasText: 'Done: 1 changed, 1 of 1 looked at.' }).waitFor()
    expect((await seller.products.get('linen-shirt-ecru')).value.price).toBe(before * 0.9)
  })

  it('loses what is archived by its seller, of several at once with an outcome for each', async () => {
    const { page } = admin
    await page.goto('/app/admin/catalog?q=linen')
    await page.locator(byId('catalog-row')).nth(1).waitFor()
    await press(page, 'choose-all')
    await press(page, 'bulk-edit')
    await fill(page, 'bulk-add-tags', 'sale')
    await press(page, 'bulk-edit-go')
    await page.locator(byId('bulk-outcome'), { hasText: 'Changed: 2 of 2' }).waitFor()
    expect((await seller.products.get('linen-apron')).value.tags).toEqual(['kitchen', 'sale'])
    await press(page, 'choose-all')
    await press(page, 'bulk-archive')
    await press(page, 'confirm-archive-yes')
    await page.locator(byId('bulk-outcome'), { hasText: 'Archived: 2 of 2' }).waitFor()
    await guest.page.goto('/app/shop')
    await count('2 products')
    // The trail of all services tells it, beside what people did to accounts.
    await page.goto('/app/admin/audit?action=PRODUCT_ARCHIVED')
    await page.getByText('A product').nth(1).waitFor()
    await page.goto('/app/admin/audit')
    await page.getByText('Their own account').first().waitFor()
    await page.getByText('A product').first().click()
    await page.locator(byId('product-form')).waitFor()
  })
})
