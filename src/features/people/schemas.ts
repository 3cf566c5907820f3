import { z } from 'zod'

/** Measured as it is compared: three accents alone are nothing. */
export const PeopleQuery = z.object({
  q: z
    .string()
    .max(100)
    .refine((text) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').trim().length >= 3, 'Use at least 3 characters'),
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
