import { createTestHarness } from 'wrangler'
import { testSettings } from '../test-settings.ts'

export interface RunningSystem {
  url: URL
  close(): Promise<void>
}

/** The whole Worker with its pages, from its own configuration, on a port and a storage of its own. */
export async function startSystem(): Promise<RunningSystem> {
  const harness = createTestHarness({
    workers: [{ configPath: 'wrangler.toml', vars: { ...testSettings(), FIGURES_EVERY_MS: '1000' } }],
  })
  const { url } = await harness.listen()
  const worker = harness.getWorker()
  await worker.applyD1Migrations('DB')
  await worker.applyD1Migrations('ACTIVITY_DB')
  return { url, close: () => harness.close() }
}
