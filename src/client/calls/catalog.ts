import type {
  CreateCategoryBody,
  CreateProductBody,
  ProcessProductsBody,
  ReplaceCategoryBody,
  ReplaceProductBody,
} from '../api-types.ts'
import type { Call, QueryOf } from '../call.ts'
import { type CallSettings, dataOf, done, removed, versionedOf } from './shared.ts'

/** Changes take the `etag` of what was read, and are refused with 412 where somebody has changed it since. */
export function productCalls(call: Call) {
  return {
    /** One page, by number, by cursor or by time, as the query says; `meta` tells of the others. */
    list: (query: QueryOf<'GET /v1/products'> = {}, settings?: CallSettings) =>
      call('GET', '/v1/products', { query, ...settings }),
    /** By words, the best first. */
    search: (query: QueryOf<'GET /v1/products/search'> & { q: string }, settings?: CallSettings) =>
      call('GET', '/v1/products/search', { query, ...settings }),
    facets: (query: QueryOf<'GET /v1/products/facets'> = {}, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/products/facets', { query, ...settings })),
    get: (idOrSlug: string, settings?: CallSettings) =>
      versionedOf(call('GET', '/v1/products/{id}', { params: { id: idOrSlug }, ...settings })),
    create: (body: CreateProductBody, settings?: CallSettings) =>
      versionedOf(call('POST', '/v1/products', { body, ...settings })),
    /** All or none, up to 100. */
    createMany: (body: CreateProductBody[], settings?: CallSettings) =>
      dataOf(call('POST', '/v1/products/bulk', { body, ...settings })),
    replace: (id: string, etag: string, body: ReplaceProductBody, settings?: CallSettings) =>
      versionedOf(call('PUT', '/v1/products/{id}', { params: { id }, body, ...settings, ifMatch: etag })),
    /** Only what is named changes. */
    change: (id: string, etag: string, body: Partial<ReplaceProductBody>, settings?: CallSettings) =>
      versionedOf(call('PATCH', '/v1/products/{id}', { params: { id }, body, ...settings, ifMatch: etag })),
    setStock: (id: string, stock: number, settings?: CallSettings) =>
      versionedOf(call('PATCH', '/v1/products/{id}/stock', { params: { id }, body: { stock }, ...settings })),
    publish: (id: string, settings?: CallSettings) =>
      versionedOf(call('POST', '/v1/products/{id}/publish', { params: { id }, ...settings })),
    archive: (id: string, settings?: CallSettings) =>
      versionedOf(call('POST', '/v1/products/{id}/archive', { params: { id }, ...settings })),
    remove: (id: string, etag: string, settings?: CallSettings) =>
      removed(call('DELETE', '/v1/products/{id}', { params: { id }, ...settings, ifMatch: etag })),
    /** All of a category or a brand, after the answer: `longWork.get` tells how far it is. */
    process: (body: ProcessProductsBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/products/process', { body, ...settings })),
    /** All or none, up to 100. */
    removeMany: (ids: readonly string[], settings?: CallSettings) =>
      done(call('DELETE', '/v1/products/bulk', { query: { ids: ids.join(',') }, ...settings })),
  }
}

export function categoryCalls(call: Call) {
  return {
    /** From the top down, each followed by those below it. */
    tree: (settings?: CallSettings) => dataOf(call('GET', '/v1/categories', settings)),
    get: (id: string, settings?: CallSettings) =>
      versionedOf(call('GET', '/v1/categories/{id}', { params: { id }, ...settings })),
    create: (body: CreateCategoryBody, settings?: CallSettings) =>
      versionedOf(call('POST', '/v1/categories', { body, ...settings })),
    replace: (id: string, etag: string, body: ReplaceCategoryBody, settings?: CallSettings) =>
      versionedOf(call('PUT', '/v1/categories/{id}', { params: { id }, body, ...settings, ifMatch: etag })),
    /** Only what is named changes. */
    change: (id: string, etag: string, body: Partial<ReplaceCategoryBody>, settings?: CallSettings) =>
      versionedOf(call('PATCH', '/v1/categories/{id}', { params: { id }, body, ...settings, ifMatch: etag })),
    /** 409 where something stands below it, or products are in it. */
    remove: (id: string, etag: string, settings?: CallSettings) =>
      removed(call('DELETE', '/v1/categories/{id}', { params: { id }, ...settings, ifMatch: etag })),
  }
}
