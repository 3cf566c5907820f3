import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { BUNDLE_BUDGET_BYTES, weighBundle } from '../../scripts/lib/bundle-weight.mjs'
import { builtWorker } from '../support/node/worker-build.ts'

it('keeps the Worker in its budget, with zod in one language (P5)', async () => {
  const folder = await builtWorker(inject('workerBuild'))
  const { gzipBytes, parts } = await weighBundle(folder)
  expect(gzipBytes).toBeLessThanOrEqual(BUNDLE_BUDGET_BYTES)
  expect(gzipBytes).toBeGreaterThan(100_000)
  expect(parts.map(({ name }) => name)).toContain('src/features/catalog')
  const { outputs } = JSON.parse(await readFile(join(folder, 'bundle-meta.json'), 'utf8'))
  const inputs = Object.values<{ inputs: Record<string, { bytesInOutput: number }> }>(outputs).flatMap((output) =>
    Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  )
  const languages = inputs.flatMap(([path]) => /zod\/v4\/locales\/(.+)\.js$/.exec(path)?.[1] ?? [])
  expect(languages, "`import { z } from 'zod'` brings all of them: import * as z").toEqual(['en'])
})
