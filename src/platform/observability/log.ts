import { redact } from './redact.ts'
import { currentScope } from './scope.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LEVELS)[number]
export type Fields = Record<string, unknown>

export interface Logger {
  /** Diagnostics. */
  debug(message: string, fields?: Fields): void
  /** A business event. */
  info(message: string, fields?: Fields): void
  /** Something works less well than it should. */
  warn(message: string, fields?: Fields): void
  /** A failure. */
  error(message: string, fields?: Fields): void
  /** Whether a line of this level is written: what it would say may cost something to find out. */
  isEnabled(level: LogLevel): boolean
}

export interface LoggerOptions {
  service: string
  environment: string
  version: string
  level: LogLevel
  /** `json` for machines, `line` for a person at a terminal. */
  format: 'json' | 'line'
}

/** Alerts and dashboards look for these texts, so they do not change. */
export const LOG = {
  incomingRequest: 'Incoming Request',
  request: 'HTTP Request',
  requestFailed: 'Request Failed',
  deprecatedRoute: 'Deprecated Route',
  businessEvent: 'Business Event',
  query: 'SQL Query',
  queryError: 'SQL Query Error',
  slowQuery: 'Slow SQL Query',
  duplicate: 'Duplicate Skipped',
  deadLetter: 'Dead Letter',
  auditSealed: 'Audit Sealed',
} as const

export function createLogger(options: LoggerOptions): Logger {
  const threshold = LEVELS.indexOf(options.level)
  const isEnabled = (level: LogLevel): boolean => LEVELS.indexOf(level) >= threshold
  const write = (level: LogLevel, message: string, fields: Fields = {}): void => {
    if (!isEnabled(level)) return
    const scope = currentScope()
    const safe = redact(fields) as Fields
    if (options.format === 'line') {
      const rest = Object.keys(safe).length > 0 ? ` ${JSON.stringify(safe)}` : ''
      const who = scope?.userId === undefined ? '' : ` user=${scope.userId}`
      console[level](`${level.toUpperCase().padEnd(5)} ${message} ${scope?.correlationId ?? '-'}${who}${rest}`)
      return
    }
    // The reserved fields come last: no metadata can overwrite them.
    console[level](
      JSON.stringify({
        ...safe,
        level,
        message,
        timestamp: new Date().toISOString(),
        service: options.service,
        environment: options.environment,
        version: options.version,
        correlationId: scope?.correlationId,
        traceId: scope?.span.traceId,
        spanId: scope?.span.spanId,
        parentSpanId: scope?.span.parentSpanId,
        linkedTraceparent: scope?.linkedTraceparent,
        ...(scope?.userId === undefined ? {} : { userId: scope.userId }),
      }),
    )
  }
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    isEnabled,
  }
}
