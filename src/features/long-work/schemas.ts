import * as z from 'zod'

export const OPERATION_STATES = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const

/** `STORE.UUID`: the database that an operation works on, and its id there. */
export const OperationId = z.object({
  id: z
    .string()
    .regex(/^catalog\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
    .meta({ examples: ['catalog.0199f0a0-7c1e-7cc0-8d8e-2f5b6a1c9d3e'] }),
})

/** Long work that was begun, and how far it is. */
export const Operation = z
  .object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(OPERATION_STATES),
    progress: z.object({
      done: z.int(),
      /** Null until it was counted. */
      total: z.int().nullable(),
    }),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    /** What came of it, also of the part that was done before it failed or was cancelled. */
    result: z.record(z.string(), z.int()).nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'Operation' })
export type Operation = z.output<typeof Operation>
