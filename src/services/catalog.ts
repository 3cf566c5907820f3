import { WorkerEntrypoint } from 'cloudflare:workers'
import type * as z from 'zod'
import type { ServiceContext } from '../context.ts'
import type { Env } from '../env.ts'
import {
  forgetPerson,
  listPersonReviews,
  readProductBySlug,
  readProducts,
  recordDelivery,
} from '../features/catalog/index.ts'
import { AskPerson, AskReviewer, type PersonReview, RecordDelivery } from '../features/catalog/reviews/schemas.ts'
import { AskProductBySlug, AskProducts, type CatalogProduct } from '../features/catalog/service-schemas.ts'
import type { Call } from '../platform/call.ts'
import type { ServiceAnswer } from '../platform/result.ts'
import { answerCall } from './answer-call.ts'

/**
 * Products as other services of ours call them, by a service binding: what they are called, cost and come in. No other
 * service reads the catalogue's tables, and nothing here can be reached over HTTP. A refusal is a value. It is read from
 * the primary each time: what an order costs is what the product costs now.
 */
export class CatalogService extends WorkerEntrypoint<Env> {
  /** Of whatever state, in the order in which they are asked for; of those that are not there, nothing. */
  productsByIds(call: Call, input: AskProducts): Promise<ServiceAnswer<CatalogProduct[]>> {
    return this.#run(call, AskProducts, input, readProducts)
  }

  /** Of whatever state. Refuses with NOT_FOUND. */
  productBySlug(call: Call, input: AskProductBySlug): Promise<ServiceAnswer<CatalogProduct>> {
    return this.#run(call, AskProductBySlug, input, readProductBySlug)
  }

  /** An order has brought these products to somebody, who may review them from now on. Again, it is the same. */
  recordDelivery(call: Call, input: RecordDelivery): Promise<ServiceAnswer<null>> {
    return this.#run(call, RecordDelivery, input, recordDelivery)
  }

  /** What somebody has written of products, newest first: one more than `limit` where there is more. */
  personReviews(call: Call, input: AskReviewer): Promise<ServiceAnswer<PersonReview[]>> {
    return this.#run(call, AskReviewer, input, listPersonReviews)
  }

  /** Somebody's account is erased: what they wrote is nobody's. */
  forgetPerson(call: Call, input: AskPerson): Promise<ServiceAnswer<null>> {
    return this.#run(call, AskPerson, input, forgetPerson)
  }

  #run<I, T>(
    call: Call,
    schema: z.ZodType<I>,
    input: unknown,
    verb: (ctx: ServiceContext, input: I) => Promise<T>,
  ): Promise<ServiceAnswer<T>> {
    return answerCall({ env: this.env, ctx: this.ctx, name: 'catalog-service' }, call, { schema, input, verb })
  }
}
