import { describe, expect, it } from 'vitest'
import { isDue } from '../../scripts/lib/cron.mjs'
import { summarize } from '../../scripts/lib/test-results.mjs'

describe('the local clock for crons', () => {
  const sundayNight = new Date('2026-11-22T23:45:00Z')

  it.each(['* * * * *', '*/15 * * * *', '45 23 * * *', '40-50 * * * *', '0,45 * 22 11 *', '5/20 * * * *', '* * * * 1'])(
    'fires %s at 23:45 on a Sunday, the 22nd of November',
    (cron) => {
      expect(isDue(cron, sundayNight)).toBe(true)
    },
  )

  it.each(['*/10 * * * *', '45 22 * * *', '0-44 * * * *', '* * 21 * *', '* * * 12 *', '* * * * 2-7'])(
    'does not fire %s then',
    (cron) => {
      expect(isDue(cron, sundayNight)).toBe(false)
    },
  )
})

describe('the summary of a test run', () => {
  it('counts a file that broke before its first test as a failure', () => {
    const tests = ['passed', 'passed', 'skipped', 'failed'].map((status) => ({ status }))
    const testResults = [
      { status: 'failed', assertionResults: tests },
      { status: 'failed', assertionResults: [] },
    ]
    expect(summarize({ testResults })).toBe('Tests: 2 passed, 2 failed, 1 skipped')
  })

  it('is honest about a run without results', () => {
    expect(summarize(undefined)).toBe('Tests: 0 passed, 0 failed, 0 skipped')
  })
})
