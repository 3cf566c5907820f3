import * as z from 'zod'
import { defineEvent } from '../../platform/events.ts'

const PageDue = z.strictObject({ operationId: z.uuid(), step: z.int() })

/** The next page of an operation may be worked on: heard by whoever owns the database that it works on. */
export const CatalogPageDue = defineEvent('operation.catalog_page_due', 'operation', PageDue)

/** By database. */
export const PAGE_DUE = { catalog: CatalogPageDue }
export type OperationStore = keyof typeof PAGE_DUE
