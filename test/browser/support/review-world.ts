import type { Page } from 'playwright-core'
import type { Review } from '../../../src/client/index.ts'
import { answer, PRODUCT, refused } from './shop-world.ts'

const at = (day: number) => `2026-02-${String(day).padStart(2, '0')}T09:00:00.000Z`
const WORDS = [
  'Softer with every wash, and cut wide enough to move in.',
  'Lovely cloth. One button came off in the first week.',
  'Too long for me, but the colour is just as it is in the pictures.\n\nI would buy it one size smaller.',
  'Good.',
]

export const REVIEWS: Review[] = WORDS.map((text, i) => ({
  ...{ id: `0199a1b2-0000-7000-8000-0000000007${i}0`, productId: PRODUCT.id, text, rating: [5, 4, 3, 5][i] ?? 5 },
  author: i === 3 ? null : { id: `0199a1b2-0000-7000-8000-0000000008${i}0`, username: `weaver_${i}`, avatar: null },
  ...{ isHidden: false, hiddenReason: null, version: 1, createdAt: at(20 - i), updatedAt: at(i === 1 ? 21 : 20 - i) },
}))

interface Standing {
  own: Review | null
  mayReview: boolean
}

/**
 * The reviews of the product of the scenes, as a server keeps them for whoever looks: what is written, changed, deleted
 * or hidden here is so at the next look.
 */
export async function review(page: Page, begun: readonly Review[], standing: Partial<Standing> = {}): Promise<void> {
  let all = begun.map((one) => ({ ...one }))
  const { own = null, mayReview = false } = standing
  let [mine, may] = [own, mayReview]
  const base = `/v1/products/${PRODUCT.id}/reviews`
  await page.route(
    (url) => url.pathname === base,
    (route) => {
      const request = route.request()
      if (request.method() === 'POST') {
        const body = request.postDataJSON() as { rating: number; text: string }
        mine = { ...madeOf(body), isHidden: false }
        all = [mine, ...all]
        may = false
        return route.fulfill({ ...answer(mine), status: 201 })
      }
      const query = new URL(request.url()).searchParams
      const state = query.get('state') === 'hidden'
      const visible = all.filter(({ isHidden }) => !isHidden)
      const order = { '-rating': -1, rating: 1 }[query.get('sort') ?? ''] ?? 0
      const shown = all.filter(({ isHidden }) => isHidden === state).toSorted((a, b) => order * (a.rating - b.rating))
      const [asked, limit] = [Number(query.get('page') ?? 1), 3]
      const stars = Object.fromEntries(
        [1, 2, 3, 4, 5].map((given) => [given, visible.filter(({ rating }) => rating === given).length]),
      )
      const sum = visible.reduce((total, { rating }) => total + rating, 0)
      const meta = {
        ...{ page: asked, limit, total: shown.length, totalIsExact: true, nextCursor: null },
        ...{ totalPages: Math.max(1, Math.ceil(shown.length / limit)), hasPrevPage: asked > 1 },
        hasNextPage: asked * limit < shown.length,
        summary: { average: visible.length === 0 ? null : sum / visible.length, count: visible.length, stars },
        ...{ own: mine, mayReview: may },
      }
      return route.fulfill(answer(shown.slice((asked - 1) * limit, asked * limit), meta))
    },
  )
  await page.route(
    (url) => url.pathname.startsWith(`${base}/`),
    (route) => {
      const request = route.request()
      const [id = '', act] = new URL(request.url()).pathname.slice(base.length + 1).split('/')
      const found = all.find((one) => one.id === id)
      if (!found) return route.fulfill(refused(404, 'NOT_FOUND', 'Review not found'))
      if (request.headers()['if-match'] !== `"${found.version}"`) {
        return route.fulfill(refused(412, 'PRECONDITION_FAILED', 'It was changed meanwhile'))
      }
      if (request.method() === 'DELETE') {
        all = all.filter((one) => one !== found)
        mine = null
        may = true
        return route.fulfill({ status: 204 })
      }
      const body = request.postDataJSON() as { reason?: string }
      const change = act
        ? { isHidden: act === 'hide', hiddenReason: act === 'hide' ? (body.reason ?? null) : null }
        : { ...body, updatedAt: at(25) }
      const changed = { ...found, ...change, version: found.version + 1 }
      all = all.map((one) => (one === found ? changed : one))
      if (mine?.id === id) mine = changed
      return route.fulfill(answer(changed))
    },
  )
}

const madeOf = (body: { rating: number; text: string }): Review => ({ ...OWN, ...body })

export const OWN: Review = {
  ...{ id: '0199a1b2-0000-7000-8000-000000000790', productId: PRODUCT.id, author: null, rating: 2 },
  ...{ text: 'It shrank.', isHidden: true, hiddenReason: 'It names another person', version: 1 },
  ...{ createdAt: at(22), updatedAt: at(22) },
}
