import { vi } from 'vitest'
import { createLogger, type Fields, type Logger } from '../../src/platform/observability/log.ts'

/** A line as production writes it. */
export interface LogLine {
  level: string
  message: string
  correlationId?: string
  traceId?: string
  spanId?: string
  parentSpanId?: string
  linkedTraceparent?: string
  userId?: string
  [field: string]: unknown
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** Every line that these loggers are given while `run` lasts, whatever their level and format. */
export async function linesOf(
  logs: readonly Logger[],
  run: (lines: readonly LogLine[]) => Promise<unknown>,
): Promise<LogLine[]> {
  const json = createLogger({ service: 'selvage', environment: 'test', version: '0', level: 'debug', format: 'json' })
  const lines: LogLine[] = []
  const spies: { mockRestore(): void }[] = LEVELS.flatMap((level) => [
    vi.spyOn(console, level).mockImplementation((text) => {
      const line = parseLine(text)
      if (line) lines.push(line)
    }),
    ...logs.map((log) =>
      vi.spyOn(log, level).mockImplementation((message: string, fields?: Fields) => json[level](message, fields)),
    ),
  ])
  // Details of the kind that costs something to find out, such as a request's body, are left out as in production.
  spies.push(...logs.map((log) => vi.spyOn(log, 'isEnabled').mockImplementation((level) => level !== 'debug')))
  try {
    await run(lines)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return lines
}

function parseLine(text: unknown): LogLine | undefined {
  try {
    return JSON.parse(String(text)) as LogLine
  } catch {
    return undefined
  }
}
