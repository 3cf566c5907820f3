import { describe, expect, it, vi } from 'vitest'
import { createLogger } from '../../src/platform/observability/log.ts'
import { withScope } from '../../src/platform/observability/scope.ts'

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
    const scope = { correlationId: 'request-0001', traceparent: '00-a-b-01', userId: 'user-1' }
    const [line] = logged((log) =>
      withScope(scope, () => log.info('Business Event', { level: 'error', correlationId: 'forged', order: 7 })),
    )
    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 'info',
      message: 'Business Event',
      correlationId: 'request-0001',
      userId: 'user-1',
      service: 'selvage',
      version: '1.2.3',
      order: 7,
    })
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
