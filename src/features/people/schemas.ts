import { z } from 'zod'

export const PeopleQuery = z.object({ q: z.string().trim().min(3, 'Use at least 3 characters').max(100) })

/** What anybody signed in may see of a person. */
export const Person = z
  .object({
    id: z.uuid(),
    username: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    avatar: z.string().nullable(),
  })
  .meta({ id: 'Person' })
export type Person = z.output<typeof Person>
