import * as z from 'zod'
import { Id } from '../../platform/id-schema.ts'
import { lineOfText } from '../../platform/text.ts'
import { MAX_DEPTH } from './domain/category-tree.ts'
import { Slug } from './write-schemas.ts'

export const Category = z
  .object({
    id: z.uuid(),
    name: z.string(),
    slug: z.string(),
    /** Null where it stands under nobody. */
    parentId: z.uuid().nullable(),
    /** Among those under the same parent, lowest first. */
    position: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Category' })
export type Category = z.output<typeof Category>

/** A category in the tree, where each follows its parent at once. */
export const TreeCategory = Category.pick({ id: true, name: true, slug: true, parentId: true, position: true })
  .extend({
    /** 1 where it stands under nobody. */
    depth: z.int().min(1).max(MAX_DEPTH),
    /** The slugs from the top down to it. */
    path: z.array(z.string()),
  })
  .meta({ id: 'TreeCategory' })
export type TreeCategory = z.output<typeof TreeCategory>

const name = lineOfText({ min: 1, max: 100 })
const parentId = Id.nullable().default(null)
const position = z.int().min(0).max(9_999).default(0)

export const ReplaceCategoryBody = z
  .strictObject({ name, slug: Slug, parentId, position })
  .meta({ id: 'ReplaceCategoryBody' })
export type ReplaceCategoryBody = z.output<typeof ReplaceCategoryBody>

export const CreateCategoryBody = z
  .strictObject({
    name,
    /** Made of the name where it is left out. */
    slug: Slug.optional(),
    parentId,
    position,
  })
  .meta({ id: 'CreateCategoryBody' })
export type CreateCategoryBody = z.output<typeof CreateCategoryBody>

export const CategoryId = z.object({ id: Id })
