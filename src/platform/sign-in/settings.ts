import * as z from 'zod'

const id = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/)
const address = z.url({ protocol: /^https?$/ })
const client = { clientId: z.string().min(1).max(500), clientSecret: z.string().min(8).max(500) }

const Google = z.strictObject({ kind: z.literal('google'), id: id.default('google'), ...client })

const GitHub = z.strictObject({
  kind: z.literal('github'),
  id: id.default('github'),
  ...client,
  name: z.string().min(1).max(40).default('GitHub'),
  /** Of a GitHub of one's own. */
  webUrl: address.default('https://github.com'),
  apiUrl: address.default('https://api.github.com'),
})

/** Anybody who speaks OpenID Connect and says so at their issuer's address. */
const OpenId = z.strictObject({
  kind: z.literal('oidc'),
  id,
  name: z.string().min(1).max(40),
  issuer: address,
  ...client,
  /** Where its endpoints are, besides the issuer's own host: nothing else is called. */
  hosts: z.array(z.string().min(1).max(253)).max(10).default([]),
  scopes: z.string().min(1).max(300).default('openid email profile'),
})

const Provider = z.discriminatedUnion('kind', [Google, GitHub, OpenId])
export type ProviderSettings = z.output<typeof Provider>
export type GitHubSettings = z.output<typeof GitHub>

const MOST = 10

/** A JSON list of providers by which people may sign in. It holds secrets, so a complaint quotes nothing of it. */
export const signInProviders = z
  .string()
  .default('[]')
  .transform((text, ctx): ProviderSettings[] => {
    try {
      const providers = z
        .array(Provider)
        .max(MOST)
        .parse(text.trim() === '' ? [] : JSON.parse(text))
      if (new Set(providers.map((provider) => provider.id)).size === providers.length) return providers
    } catch {
      // Falls through: what is wrong with it may be a secret.
    }
    ctx.addIssue({
      code: 'custom',
      message: 'must be a JSON list of providers as docs/sign-in-providers.md has them, each with an id of its own',
    })
    return z.NEVER
  })

/** Addresses of providers that are not https. */
export function plainAddresses(providers: readonly ProviderSettings[]): string[] {
  return providers
    .flatMap((provider) => {
      if (provider.kind === 'github') return [provider.webUrl, provider.apiUrl]
      return provider.kind === 'oidc' ? [provider.issuer] : []
    })
    .filter((url) => url.startsWith('http:'))
}
