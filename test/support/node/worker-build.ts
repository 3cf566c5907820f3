import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { QUIET_ENVIRONMENT } from '../../../scripts/lib/wrangler-config.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of this run for the Worker that its tests start: `builtWorker`. */
    workerBuild: string
  }
}

const LOOK_AGAIN_MS = 100
const run = promisify(execFile)

/** Before the tests in Node.js: a place for the Worker that those build who first need it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'selvage-worker-'))
  project.provide('workerBuild', folder)
  return () => rm(folder, { recursive: true, force: true })
}

/**
 * The folder with the Worker as wrangler would deploy it. Many start it and it takes seconds of a core, so the first of
 * a run builds it, and whoever comes meanwhile waits. Throws what wrangler says where it cannot be built.
 */
export async function builtWorker(folder: string): Promise<string> {
  const built = join(folder, 'worker')
  while (!existsSync(built)) {
    if (await mayBuild(folder)) await build(folder, built)
    else await sleep(LOOK_AGAIN_MS)
  }
  return built
}

/** True for one at a time, and for nobody once it is built. */
async function mayBuild(folder: string): Promise<boolean> {
  try {
    await mkdir(join(folder, 'building'))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function build(folder: string, built: string): Promise<void> {
  const draft = join(folder, 'draft')
  try {
    const wrangler = ['node_modules/wrangler/bin/wrangler.js', 'deploy', '--dry-run', '--metafile', '--outdir', draft]
    await run(process.execPath, wrangler, { env: { ...process.env, ...QUIET_ENVIRONMENT } })
    await rename(draft, built)
  } catch (error) {
    // The next one tries, and tells of it too.
    await rmdir(join(folder, 'building'))
    throw error
  }
}
