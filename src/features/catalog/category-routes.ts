import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { patchBodies, sentPatch } from '../../http/conventions/patch.ts'
import { entityTag } from '../../http/conventions/preconditions.ts'
import { linkedEnvelope, linksTo } from '../../http/conventions/resource-links.ts'
import { envelope, ok } from '../../http/envelope.ts'
import { Category, CategoryId, CreateCategoryBody, ReplaceCategoryBody, TreeCategory } from './category-schemas.ts'
import { changeCategory, createCategory, deleteCategory } from './change-category.ts'
import { readCategory, readCategoryTree, type ShownCategory } from './read-categories.ts'

const common = { tag: 'Categories', limits: [], idempotency: 'off', cache: 'no-store' } as const

export const categoryRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('Read the tree of categories', {
      ...common,
      cache: 'revalidate',
      access: 'public',
      description:
        'From the top down, each followed by those below it. `If-None-Match` answers 304 while it is the same.',
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 2, besides: 10 }, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(z.array(TreeCategory)) },
    }),
    async (c) => {
      const { tree, etag } = await readCategoryTree(c.get('ctx'))
      return ok(c, tree, { etag })
    },
  )
  .post(
    '/',
    contract('Create a category', {
      ...common,
      access: { permissions: ['create:product'] },
      idempotency: { key: 'optional', store: 'catalog' },
      description: 'Under nobody or under a parent, at most five deep.',
      cost: { trips: 3, sequential: 2, rowsRead: 3_000, rowsWritten: 30, hops: 0, sends: 0 },
      json: CreateCategoryBody,
      bodyLimit: SMALL_BODY,
      answers: { 201: linkedEnvelope(Category) },
      made: '/categories/{id}',
    }),
    async (c) => {
      const { category, version, view, actions } = await createCategory(c.get('ctx'), c.req.valid('json'))
      return ok(c, category, {
        status: 201,
        etag: entityTag(version, view),
        links: linksTo(c, actions),
      })
    },
  )
  .get(
    '/:id',
    contract('Read a category', {
      ...common,
      cache: 'revalidate',
      access: { permissions: ['read:product'], orGuest: true },
      cost: { trips: 2, sequential: 1, rowsRead: 60, rowsWritten: 0, hops: 0, sends: 0 },
      param: CategoryId,
      answers: { 200: linkedEnvelope(Category) },
    }),
    async (c) => shown(c, await readCategory(c.get('ctx'), c.req.valid('param').id)),
  )
  .put(
    '/:id',
    contract('Replace a category', {
      ...common,
      access: { permissions: ['update:product'] },
      precondition: 'optional',
      description: 'With another parent it moves, with all that stands below it: not below itself, at most five deep.',
      cost: { trips: 3, sequential: 2, rowsRead: 8_000, rowsWritten: 40, hops: 0, sends: 0 },
      param: CategoryId,
      json: ReplaceCategoryBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: linkedEnvelope(Category) },
    }),
    async (c) => {
      const body = c.req.valid('json')
      return shown(c, await changeCategory(c.get('ctx'), c.req.valid('param').id, c.get('expected'), () => body))
    },
  )
  .patch(
    '/:id',
    contract('Change a category', {
      ...common,
      access: { permissions: ['update:product'] },
      precondition: 'optional',
      description: 'By the fields that change, by a merge patch (RFC 7396), or by operations (RFC 6902).',
      cost: { trips: 3, sequential: 2, rowsRead: 8_000, rowsWritten: 40, hops: 0, sends: 0 },
      param: CategoryId,
      ...patchBodies(ReplaceCategoryBody),
      bodyLimit: SMALL_BODY,
      answers: { 200: linkedEnvelope(Category) },
    }),
    async (c) => {
      const patch = sentPatch(c, ReplaceCategoryBody)
      return shown(c, await changeCategory(c.get('ctx'), c.req.valid('param').id, c.get('expected'), patch))
    },
  )
  .delete(
    '/:id',
    contract('Delete a category', {
      ...common,
      access: { permissions: ['delete:product'] },
      precondition: 'optional',
      description: 'For good. Where something stands below it, or products are in it, archived ones too, it is 409.',
      cost: { trips: 3, sequential: 2, rowsRead: 80, rowsWritten: 30, hops: 0, sends: 0 },
      param: CategoryId,
      answers: { 204: null },
    }),
    async (c) => {
      await deleteCategory(c.get('ctx'), c.req.valid('param').id, c.get('expected'))
      return c.body(null, 204)
    },
  )

function shown(c: Context<AppEnv>, { category, version, view, actions }: ShownCategory) {
  return ok(c, category, { etag: entityTag(version, view), links: linksTo(c, actions) })
}
