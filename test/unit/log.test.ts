import { describe, expect, it, vi } from 'vitest'
import { createLogger } from '../../src/platform/observability/log.ts'
import { rootScope, withScope } from '../../src/platform/observability/scope.ts'

const options = { service: 'selvage', environment: 'test', version: '1.2.3', level: 'info', format: 'json' } as const

function logged(
  run: (log: ReturnType<typeof createLogger>) => void,
  given: Partial<Parameters<typeof createLogger>[0]> = {},
) {
  const spies = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => undefined),
  )
  run(createLogger({ ...options, ...given }))
  const lines = spies.flatMap((spy) => spy.mock.calls.map(([line]) => String(line)))
  for (const spy of spies) spy.mockRestore()
  return lines
}

describe('the log', () => {
  it('is JSON with the scope of the request, which no metadata can overwrite (R41.1, R41.2, R41.4)', () => {
    const span = { traceId: 'trace-1', spanId: 'span-2', parentSpanId: 'span-1', flags: 1, tracestate: '' }
    const scope = { correlationId: 'request-0001', span, linkedTraceparent: '00-a-b-01', userId: 'user-1' }
    const forged = { level: 'error', correlationId: 'forged', traceId: 'forged', spanId: 'forged' }
    const [line] = logged((log) => withScope(scope, () => log.info('Business Event', { ...forged, order: 7 })))
    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 'info',
      message: 'Business Event',
      correlationId: 'request-0001',
      traceId: 'trace-1',
      spanId: 'span-2',
      parentSpanId: 'span-1',
      linkedTraceparent: '00-a-b-01',
      userId: 'user-1',
      service: 'selvage',
      version: '1.2.3',
      order: 7,
    })
  })

  it('of what has no parent and no link names neither, whatever the metadata say (R41.4)', () => {
    const forged = { parentSpanId: 'forged', linkedTraceparent: 'forged' }
    const [line] = logged((log) => withScope(rootScope(), () => log.info('Business Event', forged)))
    expect(line).toContain('"traceId":')
    expect(line).not.toContain('forged')
  })

  it('is one readable line for a person, and keeps to its level (R41.1)', () => {
    const lines = logged(
      (log) => {
        log.debug('too much')
        log.warn('Slow SQL Query', { executionTime: 1_200, password: 'x' })
      },
      { format: 'line' },
    )
    expect(lines).toEqual(['WARN  Slow SQL Query - {"executionTime":1200,"password":"***REDACTED***"}'])
  })
})
