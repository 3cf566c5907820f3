import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { Review } from '../../../src/features/catalog/reviews/schemas.ts'
import { createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'
import { Lots } from '../../support/random.ts'
import { makeDelivered } from '../../support/review-examples.ts'

const api = createApi()
const ROUNDS = 12
const AT_ONCE = 8

const ACTS = { write: 4, change: 3, remove: 1, hide: 2, restore: 2 }
type Act = keyof typeof ACTS

/** What the reviews of a product amount to, counted from all of them. */
async function countedOf(productId: string) {
  const visible = env.CATALOG_DB.prepare("select rating from reviews where product_id = ? and state = 'visible'")
  const ratings = (await visible.bind(productId).all<{ rating: number }>()).results.map(({ rating }) => rating)
  const sum = ratings.reduce((all, rating) => all + rating, 0)
  return {
    rating: ratings.length === 0 ? 0 : Math.round((100 * sum) / ratings.length),
    rating_count: ratings.length,
    rating_sum: sum,
    star_counts: JSON.stringify([1, 2, 3, 4, 5].map((stars) => ratings.filter((rating) => rating === stars).length)),
  }
}

it.each([1, 2])(
  'a rating is what the visible reviews amount to, whatever happens at the same time, seed %i (R17.39)',
  async (seed) => {
    const lots = new Lots(seed)
    const people = await Promise.all(Array.from({ length: 4 }, () => makePerson(api.isolate)))
    const moderator = await makePerson(api.isolate, { role: 'moderator' })
    const productId = await makeDelivered(...people)
    const path = `/v1/products/${productId}/reviews`
    const known = new Map<string, string>()
    const done: Record<Act, number> = { write: 0, change: 0, remove: 0, hide: 0, restore: 0 }

    const act = async (name: Act, person: (typeof people)[number], rating: number): Promise<number> => {
      const mine = `${path}/${known.get(person.id)}`
      if (name === 'write') {
        const { status, body } = await api.as(person).post<Review>(path, { rating, text: 'x' })
        if (status === 201) known.set(person.id, body.data.id)
        return status
      }
      if (!known.has(person.id)) return 404
      if (name === 'change') return (await api.as(person).patch(mine, { rating })).status
      if (name === 'remove') return (await api.as(person).delete(mine)).status
      return (await api.as(moderator).post(`${mine}/${name}`, { reason: 'By lot' })).status
    }

    for (let round = 0; round < ROUNDS; round += 1) {
      const drawn = Array.from(
        { length: AT_ONCE },
        () => [lots.weighted(ACTS), lots.pick(people), lots.between(1, 5)] as const,
      )
      const statuses = await Promise.all(drawn.map((one) => act(...one)))
      for (const [i, status] of statuses.entries()) {
        const name = drawn[i]?.[0]
        if (name && status < 300) done[name] += 1
        expect([200, 201, 204, 404, 409, 412]).toContain(status)
      }
      const kept = env.CATALOG_DB.prepare(
        'select rating, rating_count, rating_sum, star_counts from products where id = ?',
      )
      expect(await kept.bind(productId).first(), `round ${round}`).toEqual(await countedOf(productId))
    }
    expect(
      Object.values(done).every((times) => times > 0),
      JSON.stringify(done),
    ).toBe(true)
  },
)
