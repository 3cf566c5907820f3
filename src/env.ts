import * as z from 'zod'
import type { ChatRoom } from '../durable-objects/chat-room/index.ts'
import type { Figures } from '../durable-objects/figures/index.ts'
import type { RateLimiter } from '../durable-objects/rate-limiter/index.ts'
import type { UserSessions } from '../durable-objects/user-sessions/index.ts'
import type { UserSocket } from '../durable-objects/user-socket/index.ts'
import type { DatabaseName } from './platform/db/bookmarks.ts'
import { FIGURES_EVERY_MS } from './platform/observability/figure-counter.ts'
import { hashingKeys, key, sealingKeys, signingKeys } from './platform/security/key-settings.ts'
import { plainAddresses, signInProviders } from './platform/sign-in/settings.ts'
import { commaList } from './platform/text.ts'
import type { ErasureParams } from './workflows/erasure.ts'

/** Every binding and variable of wrangler.toml. Variables are text until `parseSettings` has read them. */
export interface Env {
  DB: D1Database
  ACTIVITY_DB: D1Database
  CATALOG_DB: D1Database
  /** What is switched while the program runs: see src/platform/flags. */
  CONFIG: KVNamespace
  CHAT_ROOM: DurableObjectNamespace<ChatRoom>
  USER_SOCKET: DurableObjectNamespace<UserSocket>
  USER_SESSIONS: DurableObjectNamespace<UserSessions>
  RATE_LIMITER: DurableObjectNamespace<RateLimiter>
  FIGURES: DurableObjectNamespace<Figures>
  ERASE_ACCOUNT: Workflow<ErasureParams>
  CRITICAL_QUEUE: Queue
  NORMAL_QUEUE: Queue
  BULK_QUEUE: Queue
  LIMIT_ANONYMOUS: RateLimit
  LIMIT_FREE: RateLimit
  LIMIT_BASIC: RateLimit
  LIMIT_PREMIUM: RateLimit
  LIMIT_ENTERPRISE: RateLimit
  ASSETS: Fetcher
  /** Bound where a deployment sends mail through the platform. */
  EMAIL?: SendEmail
  [variable: string]: unknown
}

const BINDINGS = [
  'DB',
  'ACTIVITY_DB',
  'CATALOG_DB',
  'CONFIG',
  'CHAT_ROOM',
  'USER_SOCKET',
  'USER_SESSIONS',
  'RATE_LIMITER',
  'FIGURES',
  'ERASE_ACCOUNT',
  'CRITICAL_QUEUE',
  'NORMAL_QUEUE',
  'BULK_QUEUE',
  'LIMIT_ANONYMOUS',
  'LIMIT_FREE',
  'LIMIT_BASIC',
  'LIMIT_PREMIUM',
  'LIMIT_ENTERPRISE',
  'ASSETS',
] as const satisfies (keyof Env)[]

/** Where each database is bound. */
export const DATABASE_BINDINGS = {
  core: 'DB',
  activity: 'ACTIVITY_DB',
  catalog: 'CATALOG_DB',
} as const satisfies Record<DatabaseName, keyof Env>

const Settings = z.object({
  ENVIRONMENT: z.enum(['development', 'test', 'production']),
  SERVICE_NAME: z.string().min(1).default('selvage'),
  APP_VERSION: z.string().min(1).default('0.1.0'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Origins, besides our own, whose pages may call the API and open sockets. */
  ALLOWED_ORIGINS: commaList.default([]),
  /** Hosts that we answer to, on any port or on the one that stands with them; `*` outside production only. */
  ALLOWED_HOSTS: commaList.pipe(z.array(z.string()).min(1)),
  /** Where the API is seen from outside: links in answers are absolute then, and relative without it. */
  PUBLIC_ORIGIN: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).origin)
    .optional(),
  JWT_ISSUER: z.string().min(1).default('selvage'),
  JWT_AUDIENCE: z.string().min(1).default('selvage-api'),
  JWT_SIGNING_KEYS: signingKeys,
  REFRESH_TOKEN_KEYS: commaList.pipe(z.array(key).min(1).max(4)),
  WS_TICKET_KEY: key,
  /** Signs what a client carries from one step of a sign-in to the next. */
  PASSING_TOKEN_KEY: key,
  /** Makes the tokens that are mailed, and hashes backup codes and addresses. */
  MAILED_TOKEN_KEY: hashingKeys,
  /** Seals the secrets of authenticator apps. */
  ENCRYPTION_KEYS: sealingKeys,
  /** What people know the service by: in mails, in authenticator apps. */
  APP_NAME: z.string().min(1).max(60).default('Selvage'),
  /** Where our pages are: links in mails lead there, and passkeys are good there. Without a path. */
  FRONTEND_URL: z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin),
  /** How mail goes out; the mailbox keeps it where it was written, which is for development. */
  MAIL_ADAPTER: z.enum(['mailbox', 'send-email', 'resend']).default('mailbox'),
  MAIL_FROM_ADDRESS: z.email().default('no-reply@selvage.test'),
  MAIL_FROM_NAME: z.string().min(1).max(60).optional(),
  /** Whom mails tell to write to when something is wrong. */
  SUPPORT_ADDRESS: z.email().optional(),
  RESEND_API_KEY: z.string().min(1).optional(),
  RESEND_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.resend.com'),
  /** Both or none: then tries after failures demand a captcha. */
  TURNSTILE_SITE_KEY: z.string().min(1).max(100).optional(),
  TURNSTILE_SECRET_KEY: z.string().min(1).max(200).optional(),
  TURNSTILE_API_URL: z.url({ protocol: /^https?$/ }).default('https://challenges.cloudflare.com'),
  /** A secret: by whom people may sign in besides by a password. */
  SIGN_IN_PROVIDERS: signInProviders,
  /** All limits times this, lock-outs apart: 1 in production, more where tools and people would be stopped. */
  RATE_LIMIT_SCALE: z.coerce.number().positive().max(1_000_000).default(1),
  /** How long a request waits for the limiter before the policy of its route decides without it. */
  RATE_LIMIT_TIMEOUT_MS: z.coerce.number().int().min(10).max(10_000).default(200),
  /** How often an isolate tells what it has counted, at most; 0 is never. */
  FIGURES_EVERY_MS: z.coerce.number().int().min(0).max(600_000).default(FIGURES_EVERY_MS),
  /** Both or none: then exact limits are counted in Upstash Redis instead of objects. */
  UPSTASH_REDIS_REST_URL: z.url({ protocol: /^https?$/ }).optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1).optional(),
  /** Where answers are remembered, nearest first; `shared` is the same Upstash, where there is one. None is off. */
  CACHE_TIERS: commaList.pipe(z.array(z.enum(['isolate', 'edge', 'shared']))).default(['isolate', 'edge', 'shared']),
  /** What all prices of the catalogue are in, by ISO 4217. */
  CATALOG_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  BOOTSTRAP_ADMIN_EMAIL: z.string().trim().toLowerCase().pipe(z.email()).optional(),
  BOOTSTRAP_ADMIN_PASSWORD: z.string().min(12).max(128).optional(),
})

export type Settings = z.output<typeof Settings>

/** Says which settings are missing or weak, never what they hold. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

export function parseSettings(env: Env): Settings {
  const parsed = Settings.safeParse(env)
  const complaints = parsed.success ? [] : parsed.error.issues.map((i) => `${i.path.join('.')}: ${explain(i)}`)
  complaints.push(...BINDINGS.filter((name) => !env[name]).map((name) => `${name}: not bound`))
  if (parsed.success) {
    const { ENVIRONMENT, ALLOWED_HOSTS, REFRESH_TOKEN_KEYS, ENCRYPTION_KEYS } = parsed.data
    const { UPSTASH_REDIS_REST_URL: upstash, UPSTASH_REDIS_REST_TOKEN: token } = parsed.data
    if ((upstash === undefined) !== (token === undefined)) {
      complaints.push('UPSTASH_REDIS_REST_URL: goes with UPSTASH_REDIS_REST_TOKEN')
    }
    if (ENVIRONMENT === 'production' && upstash?.startsWith('http:')) {
      complaints.push('UPSTASH_REDIS_REST_URL: must be https in production')
    }
    if (ENVIRONMENT === 'production' && ALLOWED_HOSTS.includes('*')) {
      complaints.push('ALLOWED_HOSTS: must name the hosts in production')
    }
    if (ENVIRONMENT === 'production' && plainAddresses(parsed.data.SIGN_IN_PROVIDERS).length > 0) {
      complaints.push('SIGN_IN_PROVIDERS: must be https in production')
    }
    complaints.push(...complainOfMail(parsed.data, env), ...complainOfCaptcha(parsed.data))
    const sealing = ENCRYPTION_KEYS.map(({ key: bytes }) => bytes)
    const seen = new Set([...REFRESH_TOKEN_KEYS, ...sealing].map((other) => other.toHex()))
    const { WS_TICKET_KEY, PASSING_TOKEN_KEY, MAILED_TOKEN_KEY } = parsed.data
    const single = { WS_TICKET_KEY: [WS_TICKET_KEY], PASSING_TOKEN_KEY: [PASSING_TOKEN_KEY] }
    const apart = { ...single, MAILED_TOKEN_KEY: MAILED_TOKEN_KEY.map(({ key: bytes }) => bytes) }
    for (const [name, keys] of Object.entries(apart)) {
      const hexes = keys.map((bytes) => bytes.toHex())
      if (hexes.some((hex) => seen.has(hex))) complaints.push(`${name}: must differ from the other keys`)
      for (const hex of hexes) seen.add(hex)
    }
    if (complaints.length === 0) return parsed.data
  }
  throw new SettingsError(`Settings are missing or weak: ${complaints.join('; ')}`)
}

function complainOfMail(settings: Settings, env: Env): string[] {
  const { ENVIRONMENT, FRONTEND_URL, MAIL_ADAPTER, RESEND_API_KEY, RESEND_API_URL } = settings
  const complaints: string[] = []
  if (ENVIRONMENT === 'production') {
    if (FRONTEND_URL.startsWith('http:')) complaints.push('FRONTEND_URL: must be https in production')
    if (MAIL_ADAPTER === 'mailbox') complaints.push('MAIL_ADAPTER: must be send-email or resend in production')
    if (RESEND_API_URL.startsWith('http:')) complaints.push('RESEND_API_URL: must be https in production')
  }
  if (MAIL_ADAPTER === 'send-email' && !env.EMAIL) complaints.push('EMAIL: must be bound for send-email')
  if (MAIL_ADAPTER === 'resend' && RESEND_API_KEY === undefined) complaints.push('RESEND_API_KEY: goes with resend')
  return complaints
}

function complainOfCaptcha(settings: Settings): string[] {
  const { ENVIRONMENT, TURNSTILE_SITE_KEY: site, TURNSTILE_SECRET_KEY: secret, TURNSTILE_API_URL } = settings
  const complaints: string[] = []
  if ((site === undefined) !== (secret === undefined)) {
    complaints.push('TURNSTILE_SITE_KEY: goes with TURNSTILE_SECRET_KEY')
  }
  if (ENVIRONMENT === 'production' && TURNSTILE_API_URL.startsWith('http:')) {
    complaints.push('TURNSTILE_API_URL: must be https in production')
  }
  return complaints
}

function explain(issue: z.core.$ZodIssue): string {
  return issue.code === 'custom' ? issue.message : 'missing or not of the right form'
}
