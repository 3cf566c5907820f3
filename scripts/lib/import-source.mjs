import { ROOT } from './cli.mjs'

/**
 * Modules of the Worker with all that they import, for scripts: TypeScript that runs in every Node we support. What
 * several of them share is there once.
 * @param {...string} files from the root of the project
 */
export async function importSource(...files) {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    stdin: { contents: files.map((file) => `export * from './${file}'`).join('\n'), resolveDir: ROOT },
    bundle: true,
    // What only the Worker has, and asks for when it needs it.
    external: ['cloudflare:*'],
    format: 'esm',
    platform: 'node',
    write: false,
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}
