import { resolve } from 'node:path'
import { ROOT } from './cli.mjs'

/**
 * A module of the Worker with all that it imports, for scripts: TypeScript that runs in every Node we support.
 * @param {string} file from the root of the project
 */
export async function importSource(file) {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [resolve(ROOT, file)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}
