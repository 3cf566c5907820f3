import * as z from 'zod'
import { SessionKind } from '../schemas.ts'

const ProviderName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/)

export const ProviderId = z.object({ provider: ProviderName.meta({ examples: ['github'] }) })

/** By whom people may sign in here, besides by a password or a passkey. */
export const SignInProvider = z
  .object({ id: z.string(), name: z.string(), kind: z.enum(['google', 'github', 'oidc']) })
  .meta({ id: 'SignInProvider' })
export type SignInProvider = z.output<typeof SignInProvider>

export const ProviderSignIn = z
  .object({
    /** Where to send the browser. */
    url: z.url(),
    /** Seconds until it is too late to come back. */
    expiresIn: z.int(),
  })
  .meta({ id: 'ProviderSignIn' })
export type ProviderSignIn = z.output<typeof ProviderSignIn>

/** What the provider has put into the address of our page. */
const returned = {
  code: z.string().min(1).max(2_000).meta({ description: 'What the provider gave, for one exchange' }),
  state: z.string().min(1).max(200).meta({
    'x-rule': 'That of a sign-in which this browser began within ten minutes, and which was not finished yet',
  }),
  iss: z.string().min(1).max(300).optional().meta({ description: 'Where the provider says which one it is' }),
}

export const FinishSignInBody = z
  .strictObject({ ...returned, session: SessionKind.default('body') })
  .meta({ id: 'FinishSignInBody' })

export const FinishLinkBody = z.strictObject(returned).meta({ id: 'FinishLinkBody' })
export type ReturnedFromProvider = z.output<typeof FinishLinkBody>

export const LinkedAccount = z
  .object({
    provider: z.string(),
    /** As it is called here; its id, where it is not configured any more. */
    name: z.string(),
    /** The address that the provider told when it was linked. */
    email: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'LinkedAccount' })
export type LinkedAccount = z.output<typeof LinkedAccount>
