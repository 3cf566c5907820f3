import { grownProductId } from '../support/product-rows.ts'
import { bearer, type CaseWorld, LIST, searchPath } from './cases.ts'
import type { Call } from './load/http.ts'
import type { Trip } from './workers/trip.ts'

/** What is recorded once, for the floor to do again: the name, and the request that is asked for it. */
const RECORDED: Record<string, (world: CaseWorld) => Call> = {
  product: ({ people }) => ({ path: `/v1/products/${grownProductId(8)}`, ...bearer(people[0]?.token ?? '') }),
  list: ({ cursors }) => ({
    path: `${LIST}&cursor=${cursors.selvage?.[1] ?? ''}`,
  }),
  // A price that no other call names.
  search: () => ({ path: searchPath(100_000) }),
  me: ({ people }) => ({ path: '/v1/auth/me', ...bearer(people[0]?.token ?? '') }),
}

/**
 * Of what was recorded, what a warm isolate sends: it knows the session. The first call of a recorder reads it, so the
 * second one is taken.
 */
export async function recordReplays(recorder: string, floor: string, world: CaseWorld): Promise<void> {
  for (const [name, callOf] of Object.entries(RECORDED)) {
    const { path, headers } = callOf(world)
    let trips: Trip[] = []
    for (let time = 0; time < 2; time += 1) {
      const answer = await fetch(recorder + path, { headers: headers ?? {} })
      const recorded = (await answer.json()) as { status: number; body: string; trips: Trip[] }
      if (recorded.status !== 200) throw new Error(`${name}: ${recorded.status} ${recorded.body}`)
      // What is remembered after the first time is no floor of one that asks.
      trips = recorded.trips.length > 0 ? recorded.trips : trips
    }
    const put = await fetch(`${floor}/replays/${name}`, { method: 'PUT', body: JSON.stringify(trips) })
    if (!put.ok) throw new Error(`${name}: the floor answered ${put.status}`)
  }
}
