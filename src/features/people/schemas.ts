import * as z from 'zod'
import { Id } from '../../platform/id-schema.ts'

/** Three characters without white space and accents, which comparing takes away: three accents alone are nothing. */
export const PeopleQuery = z.object({
  q: z
    .string()
    .max(100)
    .regex(/(?:[^\s\p{M}][\s\p{M}]*){3}/u, 'Use at least 3 characters'),
})

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

export const PersonId = z.object({ id: Id })

/** Somebody whom the caller has blocked. */
export const BlockedPerson = Person.extend({ blockedAt: z.iso.datetime() }).meta({ id: 'BlockedPerson' })
export type BlockedPerson = z.output<typeof BlockedPerson>
