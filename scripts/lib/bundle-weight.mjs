import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** What the Worker may weigh as it is sent, of the 10 MiB that the platform takes (3 MiB where nothing is paid). */
export const BUNDLE_BUDGET_BYTES = 1024 * 1024

/**
 * What a built Worker weighs: `folder` is the `--outdir` of `wrangler deploy --dry-run --metafile`. Parts are packages,
 * and the folders of our own sources; their bytes are of the minified text, the heaviest first.
 * @param {string} folder
 * @returns {Promise<{ gzipBytes: number, bytes: number, parts: { name: string, bytes: number }[] }>}
 */
export async function weighBundle(folder) {
  const [script, meta] = await Promise.all(['index.js', 'bundle-meta.json'].map((file) => readFile(join(folder, file))))
  const { outputs } = JSON.parse(String(meta))
  const parts = new Map()
  for (const [path, { bytesInOutput }] of Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs))) {
    const name = partOf(path)
    parts.set(name, (parts.get(name) ?? 0) + bytesInOutput)
  }
  return {
    gzipBytes: (await promisify(gzip)(script)).length,
    bytes: script.length,
    parts: [...parts]
      .map(([name, bytes]) => ({ name, bytes }))
      .filter(({ bytes }) => bytes > 0)
      .toSorted((a, b) => b.bytes - a.bytes),
  }
}

function partOf(path) {
  const [, packageName] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
  return packageName ?? /(?:src\/features\/|src\/|)[^/]+/.exec(path)?.[0] ?? path
}
