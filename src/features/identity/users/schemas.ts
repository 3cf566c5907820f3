import * as z from 'zod'
import { httpsAddress, lineOfText } from '../../../platform/text.ts'
import { ROLES } from '../domain/access.ts'
import { Email, PersonName } from '../schemas.ts'

/** Null where the caller may not know it: moderators see who somebody is, not how to reach them. */
export const Reach = z.string().nullable()

const PhoneNumber = z
  .string()
  .max(30)
  .regex(/^\+?\d[\d ()./-]{1,27}\d$/, 'Use a phone number')

/** Whoever makes an account says all of this, and whoever replaces one. */
const told = { email: Email, firstName: PersonName, lastName: PersonName, phoneNumber: PhoneNumber }

/** All of an account that can be replaced. */
export const PutUserBody = z
  .strictObject({
    ...told,
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
  .strictObject({ ...told, role: z.enum(ROLES).default('user') })
  .meta({ id: 'CreateUserBody' })
export type CreateUserBody = z.output<typeof CreateUserBody>
