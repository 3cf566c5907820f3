import * as z from 'zod'
import { Member } from '../access/schemas.ts'
import { Reach } from './schemas.ts'

/** A user as version 1 has always told of them. */
export const UserV1 = z
  .object({
    id: z.uuid(),
    email: Reach,
    /** First and last name. */
    name: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'UserV1' })
export type UserV1 = z.output<typeof UserV1>

/** The same in a list, where version 1 has come to tell of roles as well. */
export const ListedUserV1 = Member.extend({ email: Reach, name: z.string() }).meta({ id: 'ListedUserV1' })
export type ListedUserV1 = z.output<typeof ListedUserV1>
