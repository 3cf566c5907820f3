import { z } from 'zod'
import { httpsAddress, lineOfText } from '../../../platform/text.ts'
import { Member } from '../access/schemas.ts'
import { ROLES } from '../domain/access.ts'
import { Email, PersonName } from '../schemas.ts'

/** Null where the caller may not know it: moderators see who somebody is, not how to reach them. */
const Reach = z.string().nullable()

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

const PhoneNumber = z
  .string()
  .max(30)
  .regex(/^\+?\d[\d ()./-]{1,27}\d$/, 'Use a phone number')

/** All of an account that can be replaced. */
export const PutUserBody = z
  .strictObject({
    email: Email,
    firstName: PersonName,
    lastName: PersonName,
    phoneNumber: PhoneNumber,
    role: z.enum(ROLES).meta({ 'x-rule': 'Admins change it, nobody their own' }),
    isActive: z.boolean().meta({ 'x-rule': 'Admins change it, nobody their own' }),
  })
  .meta({ id: 'PutUserBody' })

/** The same for a patch: somebody who has told no phone number has none to send back. */
export const PatchedUser = PutUserBody.extend({ phoneNumber: PhoneNumber.nullable().default(null) })
export type PatchedUser = z.output<typeof PatchedUser>

const Bio = z
  .string()
  .max(2_000)
  .regex(/^[^\0\p{Cs}]*$/u, 'Use whole characters')
const Address = lineOfText({ min: 1, max: 300 })

/** What somebody shows of themselves. All of it is sent; null where there is none. */
export const PutProfileBody = z
  .strictObject({
    firstName: PersonName,
    lastName: PersonName,
    bio: Bio.nullable(),
    avatar: httpsAddress.nullable(),
    phone: PhoneNumber.nullable(),
    address: Address.nullable(),
  })
  .meta({ id: 'PutProfileBody' })

export const PatchedProfile = PutProfileBody.extend({
  bio: Bio.nullable().default(null),
  avatar: httpsAddress.nullable().default(null),
  phone: PhoneNumber.nullable().default(null),
  address: Address.nullable().default(null),
})
export type PatchedProfile = z.output<typeof PatchedProfile>

/** No password: its owner chooses one, by a link that is mailed to them. */
export const CreateUserBody = z
  .strictObject({
    email: Email,
    firstName: PersonName,
    lastName: PersonName,
    phoneNumber: PhoneNumber.nullable().default(null),
    role: z.enum(ROLES).default('user'),
  })
  .meta({ id: 'CreateUserBody' })
export type CreateUserBody = z.output<typeof CreateUserBody>
