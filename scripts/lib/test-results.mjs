import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ROOT } from './cli.mjs'

/** The report of the last whole run, in vitest's JSON form. */
export const RESULTS = resolve(ROOT, 'test-results/results.json')

/** The report of the last run of a part, so that it never passes for the whole. */
export const PARTIAL_RESULTS = resolve(ROOT, 'test-results/partial.json')

export function readResults(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/** `Tests: N passed, N failed, N skipped`. A file that broke before its first test counts as one failure. */
export function summarize(report) {
  const files = report?.testResults ?? []
  const tests = files.flatMap(({ assertionResults }) => assertionResults)
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length
  const broken = files.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = count('failed') + broken.length
  return `Tests: ${count('passed')} passed, ${failed} failed, ${count('skipped', 'pending', 'todo', 'disabled')} skipped`
}
