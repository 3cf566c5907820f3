import * as z from 'zod'
import { ROLES } from '../domain/access.ts'
import { Reach } from './schemas.ts'

export const UserV2 = z
  .object({
    id: z.uuid(),
    email: Reach,
    firstName: z.string(),
    lastName: z.string(),
    phoneNumber: Reach,
    avatar: z.string().nullable(),
    /** The highest of their roles. */
    role: z.enum(ROLES),
    roles: z.array(z.enum(ROLES)),
    isActive: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'UserV2' })
export type UserV2 = z.output<typeof UserV2>

export const SparseUserV2 = UserV2.partial().required({ id: true }).meta({ id: 'SparseUserV2' })

export const UserProfile = z
  .object({
    id: z.uuid(),
    firstName: z.string(),
    lastName: z.string(),
    bio: z.string().nullable(),
    avatar: z.string().nullable(),
    phone: z.string().nullable(),
    address: z.string().nullable(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'UserProfile' })
export type UserProfile = z.output<typeof UserProfile>
