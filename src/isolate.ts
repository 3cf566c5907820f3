import type { SessionMemory } from './context.ts'
import { type Env, parseSettings, type Settings } from './env.ts'
import { createSessionMemory } from './features/identity/index.ts'
import { type Clock, systemClock } from './platform/clock.ts'
import { createLogger, type Logger } from './platform/observability/log.ts'
import { AccessTokens } from './platform/security/access-token.ts'
import { PasswordHasher } from './platform/security/password.ts'
import { RefreshTokens } from './platform/security/refresh-token.ts'
import { SocketTickets } from './platform/security/socket-ticket.ts'

/** What lives as long as the isolate. All of it may vanish: it holds keys, settings and memories. */
export interface Isolate {
  settings: Settings
  clock: Clock
  log: Logger
  accessTokens: AccessTokens
  refreshTokens: RefreshTokens
  socketTickets: SocketTickets
  passwords: PasswordHasher
  sessions: SessionMemory
}

/** @throws SettingsError naming the settings that are missing or weak */
export function createIsolate(
  env: Env,
  clock: Clock = systemClock,
  passwords: PasswordHasher = new PasswordHasher(),
): Isolate {
  const settings = parseSettings(env)
  return {
    settings,
    clock,
    log: createLogger({
      service: settings.SERVICE_NAME,
      environment: settings.ENVIRONMENT,
      version: settings.APP_VERSION,
      level: settings.LOG_LEVEL,
      format: settings.ENVIRONMENT === 'production' ? 'json' : 'line',
    }),
    accessTokens: new AccessTokens(
      settings.JWT_SIGNING_KEYS,
      { issuer: settings.JWT_ISSUER, audience: settings.JWT_AUDIENCE },
      clock,
    ),
    refreshTokens: new RefreshTokens(settings.REFRESH_TOKEN_KEYS),
    socketTickets: new SocketTickets(settings.WS_TICKET_KEY, clock),
    passwords,
    sessions: createSessionMemory(clock),
  }
}

/** The isolate's own, shared by the Worker and the objects in it. Module state: it may vanish with the isolate. */
let shared: Isolate | undefined

export function isolateOf(env: Env): Isolate {
  shared ??= createIsolate(env)
  return shared
}
