import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUNDLE_BUDGET_BYTES, weighBundle } from './lib/bundle-weight.mjs'
import { main, Refusal, requirePackages } from './lib/cli.mjs'
import { runTool } from './lib/tool.mjs'
import { QUIET_ENVIRONMENT } from './lib/wrangler-config.mjs'

const SHOWN = 25

await main(async () => {
  requirePackages()
  const folder = mkdtempSync(join(tmpdir(), 'selvage-bundle-'))
  try {
    const { code, output } = await runTool('wrangler', ['deploy', '--dry-run', '--metafile', '--outdir', folder], {
      env: QUIET_ENVIRONMENT,
    })
    if (code !== 0) throw new Refusal(`The Worker was not built.\n${output}`, 'Look at what wrangler says above.')
    const { gzipBytes, bytes, parts } = await weighBundle(folder)
    for (const part of parts.slice(0, SHOWN)) console.log(`${kib(part.bytes).padStart(12)}  ${part.name}`)
    console.log(`${kib(bytes).padStart(12)}  in all, minified`)
    console.log(`${kib(gzipBytes).padStart(12)}  as it is sent (gzip), of ${kib(BUNDLE_BUDGET_BYTES)}`)
    return gzipBytes <= BUNDLE_BUDGET_BYTES ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

function kib(bytes) {
  return `${(bytes / 1024).toFixed(1)} KiB`
}
