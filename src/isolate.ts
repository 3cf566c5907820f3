import type { Resource, SessionMemory } from './context.ts'
import { type Env, parseSettings, type Settings } from './env.ts'
import { createSessionMemory, MetKeys } from './features/identity/index.ts'
import { NoteAllowance } from './platform/audit/note-allowance.ts'
import { TieredCache } from './platform/cache/cache.ts'
import { openTiers } from './platform/cache/open-tiers.ts'
import type { Captcha } from './platform/captcha/captcha.ts'
import { createTurnstile } from './platform/captcha/turnstile.ts'
import { type Clock, systemClock } from './platform/clock.ts'
import type { DatabaseName } from './platform/db/bookmarks.ts'
import type { Flags } from './platform/flags/flags.ts'
import { createKvFlags } from './platform/flags/kv-flags.ts'
import type { Mailer, MailSender } from './platform/mail/mailer.ts'
import { createResendMailer } from './platform/mail/resend-mailer.ts'
import { FigureCounter } from './platform/observability/figure-counter.ts'
import { createLogger, type Logger } from './platform/observability/log.ts'
import type { Meter } from './platform/observability/meter.ts'
import { BlockedAddresses } from './platform/rate-limit/blocked-addresses.ts'
import { Leases } from './platform/rate-limit/leases.ts'
import type { Limiter } from './platform/rate-limit/limiter.ts'
import { createUpstashLimiter } from './platform/rate-limit/upstash-limiter.ts'
import { AccessTokens } from './platform/security/access-token.ts'
import { PassingTokens } from './platform/security/passing-token.ts'
import { PasswordHasher } from './platform/security/password.ts'
import { RefreshTokens } from './platform/security/refresh-token.ts'
import { SealedBox } from './platform/security/sealed-box.ts'
import { SocketTickets } from './platform/security/socket-ticket.ts'
import { openProviders } from './platform/sign-in/open-providers.ts'
import type { OutsideProvider } from './platform/sign-in/provider.ts'
import { RESOURCES } from './resources.ts'

/** What lives as long as the isolate. All of it may vanish: it holds keys, settings and memories. */
export interface Isolate {
  settings: Settings
  clock: Clock
  /** Milliseconds. */
  startedAt: number
  log: Logger
  accessTokens: AccessTokens
  refreshTokens: RefreshTokens
  socketTickets: SocketTickets
  passingTokens: PassingTokens
  sealedBox: SealedBox
  passwords: PasswordHasher
  providers: ReadonlyMap<string, OutsideProvider>
  sessions: SessionMemory
  /** API keys that came to this isolate before. */
  metKeys: MetKeys
  resources: Map<string, Resource>
  denials: NoteAllowance
  /** What is switched on for whom. */
  flags: Flags
  leases: Leases
  /** Failures of accounts, apart from the rest: whoever makes up addresses pushes no other count out of memory. */
  failures: Leases
  blockedAddresses: BlockedAddresses
  figures: FigureCounter
  /** How far each outbox was looked through for what queues forgot; see `resendForgotten`. */
  lookedAt: Map<DatabaseName, string>
  /** Counts exact limits where it is configured. */
  upstash: Limiter | undefined
  /** What is remembered of what was read. */
  cache: TieredCache
  /** Sends mail where it is configured. */
  resend: Mailer | undefined
  /** Tells people from programs where it is configured. */
  captcha: Captcha | undefined
  /** Is given the meter of each request that was answered: by tests, and the ledger of costs. */
  watchCosts?: (requestId: string, meter: Meter) => void
}

/** @throws SettingsError naming the settings that are missing or weak */
export function createIsolate(
  env: Env,
  clock: Clock = systemClock,
  passwords: PasswordHasher = new PasswordHasher(),
): Isolate {
  const settings = parseSettings(env)
  const names = { issuer: settings.JWT_ISSUER, audience: settings.JWT_AUDIENCE }
  const log = createLogger({
    service: settings.SERVICE_NAME,
    environment: settings.ENVIRONMENT,
    version: settings.APP_VERSION,
    level: settings.LOG_LEVEL,
    format: settings.ENVIRONMENT === 'production' ? 'json' : 'line',
  })
  return {
    settings,
    clock,
    startedAt: clock(),
    log,
    accessTokens: new AccessTokens(settings.JWT_SIGNING_KEYS, names, clock),
    refreshTokens: new RefreshTokens(settings.REFRESH_TOKEN_KEYS),
    socketTickets: new SocketTickets(settings.WS_TICKET_KEY, names, clock),
    passingTokens: new PassingTokens(settings.PASSING_TOKEN_KEY, names, clock),
    sealedBox: new SealedBox(settings.ENCRYPTION_KEYS),
    passwords,
    providers: openProviders(settings.SIGN_IN_PROVIDERS, {
      ...{ log, clock },
      allowLoopback: settings.ENVIRONMENT !== 'production',
    }),
    sessions: createSessionMemory(clock),
    metKeys: new MetKeys(clock),
    resources: new Map(Object.entries(RESOURCES)),
    denials: new NoteAllowance(clock),
    flags: createKvFlags(env.CONFIG, { clock, log }),
    leases: new Leases(clock),
    failures: new Leases(clock),
    blockedAddresses: new BlockedAddresses(clock),
    figures: new FigureCounter(clock, settings.FIGURES_EVERY_MS),
    upstash: upstashOf(settings, clock),
    cache: new TieredCache({ tiers: openTiers(settings), clock }),
    resend: resendOf(settings, log),
    captcha: captchaOf(settings, log),
    lookedAt: new Map(),
  }
}

function upstashOf(settings: Settings, clock: Clock): Limiter | undefined {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, RATE_LIMIT_TIMEOUT_MS: timeoutMs } = settings
  return url && token ? createUpstashLimiter({ url, token, timeoutMs, clock }) : undefined
}

function resendOf(settings: Settings, log: Logger): Mailer | undefined {
  const { MAIL_ADAPTER, RESEND_API_KEY, RESEND_API_URL, SERVICE_NAME, APP_VERSION, ENVIRONMENT } = settings
  if (MAIL_ADAPTER !== 'resend' || RESEND_API_KEY === undefined) return undefined
  return createResendMailer(
    {
      apiKey: RESEND_API_KEY,
      apiUrl: RESEND_API_URL,
      from: senderOf(settings),
      userAgent: `${SERVICE_NAME}/${APP_VERSION}`,
    },
    { log, allowLoopback: ENVIRONMENT !== 'production' },
  )
}

function captchaOf(settings: Settings, log: Logger): Captcha | undefined {
  const { TURNSTILE_SITE_KEY: siteKey, TURNSTILE_SECRET_KEY: secretKey, TURNSTILE_API_URL: apiUrl } = settings
  if (siteKey === undefined || secretKey === undefined) return undefined
  const isProduction = settings.ENVIRONMENT === 'production'
  const pages = [settings.FRONTEND_URL, ...settings.ALLOWED_ORIGINS].filter((origin) => URL.canParse(origin))
  const hostnames = isProduction ? pages.map((origin) => new URL(origin).hostname) : undefined
  return createTurnstile({ siteKey, secretKey, apiUrl, hostnames }, { log, allowLoopback: !isProduction })
}

/** Whom our mails are from. */
export function senderOf({ MAIL_FROM_ADDRESS, MAIL_FROM_NAME, APP_NAME }: Settings): MailSender {
  return { address: MAIL_FROM_ADDRESS, name: MAIL_FROM_NAME ?? APP_NAME }
}

/** The isolate's own, shared by the Worker and the objects in it. Module state: it may vanish with the isolate. */
let shared: Isolate | undefined

export function isolateOf(env: Env): Isolate {
  shared ??= createIsolate(env)
  return shared
}
