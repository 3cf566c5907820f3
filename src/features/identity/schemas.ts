import * as z from 'zod'
import { CaptchaToken } from '../../platform/captcha/captcha.ts'
import { DEVICE_KINDS } from '../../platform/device.ts'
import { Id } from '../../platform/id-schema.ts'
import { lineOfText, WHOLE_CHARACTERS } from '../../platform/text.ts'
import { ROLES } from './domain/access.ts'
import { isCommonPassword, PASSWORD_MAX, PASSWORD_MIN } from './domain/password-rules.ts'
import { TIERS } from './domain/tiers.ts'

/** The one rule for passwords, at registration, reset and change; `demandOwnPassword` has what depends on whose it is. */
export const Password = z
  .string()
  .min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters`)
  .max(PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters`)
  .regex(/\p{Ll}/u, 'Use at least one lower-case letter')
  .regex(/\p{Lu}/u, 'Use at least one upper-case letter')
  .regex(/\p{Nd}/u, 'Use at least one digit')
  .regex(/[^\p{L}\p{Nd}\s]/u, 'Use at least one symbol')
  .regex(WHOLE_CHARACTERS, 'Use whole characters')
  .refine((password) => !isCommonPassword(password), {
    message: 'Use another one: this is among the passwords that are tried first',
    // One complaint at a time: what is too short need not be told that it is common, too.
    when: ({ issues }) => issues.length === 0,
  })
  .meta({
    'x-rule': 'Not among those that are tried first, and not made of names, the address or the name of the service',
  })

/** Trimmed and lower-cased, so that one address is one account however it is typed. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email('Give a valid e-mail address'))
  .meta({ format: 'email', pattern: z.regexes.email.source })

export const Username = z
  .string()
  .trim()
  .regex(/^\w{3,30}$/, 'Use 3 to 30 letters, digits or underscores')
  .toLowerCase()

export const PersonName = lineOfText({ min: 2, max: 100 })

/** How the refresh token comes back: in the body, or as an HttpOnly cookie that no script can read. */
export const SessionKind = z.enum(['body', 'cookie'])

export const RegisterBody = z
  .strictObject({
    email: Email,
    password: Password,
    firstName: PersonName,
    lastName: PersonName,
    username: Username.optional(),
    captchaToken: CaptchaToken.optional(),
    session: SessionKind.default('body'),
  })
  .meta({ id: 'RegisterBody' })
export type RegisterBody = z.output<typeof RegisterBody>

/** One that is to be checked: bounded, as hashing costs by the length; any other rule would tell what passwords look like. */
export const GivenPassword = z.string().min(1).max(PASSWORD_MAX)

export const LoginBody = z
  .strictObject({
    email: Email,
    password: GivenPassword,
    captchaToken: CaptchaToken.optional(),
    session: SessionKind.default('body'),
  })
  .meta({ id: 'LoginBody' })
export type LoginBody = z.output<typeof LoginBody>

export const CaptchaWidget = z
  .object({
    /** Of the Turnstile widget; null where no captcha is configured, and none is ever demanded. */
    siteKey: z.string().nullable(),
  })
  .meta({ id: 'CaptchaWidget' })

export const RefreshBody = z
  .strictObject({
    refreshToken: z.string().min(1).max(200).optional().meta({ description: 'Absent where it is in the cookie' }),
    session: SessionKind.optional(),
  })
  .meta({ id: 'RefreshBody' })
export type RefreshBody = z.output<typeof RefreshBody>

export const CurrentUser = z
  .object({
    id: z.uuid(),
    email: z.string(),
    username: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    avatar: z.string().nullable(),
    role: z.enum(['guest', 'user', 'moderator', 'admin']),
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
    isEmailVerified: z.boolean(),
    timezone: z.string(),
    locale: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'CurrentUser' })
export type CurrentUser = z.output<typeof CurrentUser>

export const SignedIn = z
  .object({
    user: CurrentUser,
    accessToken: z.string(),
    /** Absent where it went into the cookie. */
    refreshToken: z.string().optional(),
    /** Seconds that the access token lives. */
    expiresIn: z.int(),
    tokenType: z.literal('Bearer'),
  })
  .meta({ id: 'SignedIn' })
export type SignedIn = z.output<typeof SignedIn>

/** The first of two steps is done: there is no session yet. */
export const MfaRequired = z
  .object({
    requiresMfa: z.literal(true),
    /** Goes with the second step, within five minutes. */
    tempToken: z.string(),
    message: z.string(),
    /** By what the second step may be done. */
    methods: z.array(z.enum(['totp', 'backup-code', 'passkey'])),
  })
  .meta({ id: 'MfaRequired' })
export type MfaRequired = z.output<typeof MfaRequired>

/** How a sign-in goes on: it is done, or wants a second step. */
export const SignInAnswer = z.union([SignedIn, MfaRequired]).meta({ id: 'SignInAnswer' })
export type SignInAnswer = z.output<typeof SignInAnswer>
export const Registered = SignedIn.extend({ message: z.string() }).meta({ id: 'Registered' })
export type Registered = z.output<typeof Registered>

/** How many sessions ended. */
export const SignedOutElsewhere = z.object({ ended: z.int() }).meta({ id: 'SignedOutElsewhere' })

export const Told = z.object({ message: z.string() }).meta({ id: 'Told' })

export const DeviceShown = z.object({ name: z.string(), kind: z.enum(DEVICE_KINDS) }).meta({ id: 'Device' })

export const SessionView = z
  .object({
    id: z.uuid(),
    current: z.boolean(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    ip: z.string().nullable(),
    /** Town and country of the newest use, as the network tells by the address. */
    place: z.string().nullable(),
    /** As the client calls itself. */
    userAgent: z.string().nullable(),
    /** The same in words, such as `Firefox on Windows`. */
    device: DeviceShown,
  })
  .meta({ id: 'Session' })
export type SessionView = z.output<typeof SessionView>

export const UserId = z.object({ id: Id })

export const TierBody = z
  .strictObject({ tier: z.enum(TIERS), reason: lineOfText({ min: 3, max: 500 }) })
  .meta({ id: 'TierBody' })

export const UserTier = z.object({ id: z.uuid(), tier: z.enum(TIERS) }).meta({ id: 'UserTier' })
export type UserTier = z.output<typeof UserTier>

export const UserSearch = z.object({
  q: z
    .string()
    .max(254)
    .regex(/[^\s\p{M}]/u, 'Use at least one character')
    .optional(),
  role: z.enum(ROLES).optional(),
  tier: z.enum(TIERS).optional(),
})

/** A person as an admin sees them. */
export const UserSummary = z
  .object({
    id: z.uuid(),
    email: z.string(),
    username: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    avatar: z.string().nullable(),
    /** The highest of their roles. */
    role: z.enum(ROLES),
    roles: z.array(z.string()),
    tier: z.enum(TIERS),
    isActive: z.boolean(),
    isEmailVerified: z.boolean(),
    createdAt: z.iso.datetime(),
    lastLoginAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'UserSummary' })
export type UserSummary = z.output<typeof UserSummary>

export const UserDetails = UserSummary.extend({
  permissions: z.array(z.string()),
  timezone: z.string(),
  locale: z.string(),
  updatedAt: z.iso.datetime(),
  /** Devices that are signed in. Counted to a thousand. */
  liveSessions: z.int(),
  /** They have given up their account: it is being erased, or is, and nothing can be changed about it. */
  isDeleted: z.boolean(),
}).meta({ id: 'UserDetails' })
export type UserDetails = z.output<typeof UserDetails>

export const SessionId = z.object({ id: Id })

export const PublicKeys = z
  .object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string(), use: z.string() })) })
  .meta({ id: 'PublicKeys' })
