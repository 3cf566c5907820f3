import type { PersonReview, RecordDelivery } from '../features/catalog/reviews/schemas.ts'
import { currentCall } from '../platform/call.ts'
import type { Meter } from '../platform/observability/meter.ts'
import { answerOf } from './answer-of.ts'
import type { CatalogService } from './catalog.ts'
import { exportedService } from './exported.ts'

/** What the rest of the product asks of the catalogue; each is one call, which counts as a hop. @throws Refusal */
export interface CatalogClient {
  /** Newest first; one more than `limit` where there is more. */
  personReviews(userId: string, limit: number): Promise<PersonReview[]>
  /** May be repeated, as may what follows. */
  recordDelivery(delivery: RecordDelivery): Promise<void>
  forgetPerson(userId: string): Promise<void>
}

export function createCatalogClient(meter: Meter): CatalogClient {
  return {
    personReviews: async (userId, limit) =>
      answerOf(meter, (await service()).personReviews(currentCall(), { userId, limit })),
    recordDelivery: async (delivery) => {
      await answerOf(meter, (await service()).recordDelivery(currentCall(), delivery))
    },
    forgetPerson: async (userId) => {
      await answerOf(meter, (await service()).forgetPerson(currentCall(), { userId }))
    },
  }
}

type Service = Pick<CatalogService, 'personReviews' | 'recordDelivery' | 'forgetPerson'>

const service = () => exportedService<Service>('CatalogService')
