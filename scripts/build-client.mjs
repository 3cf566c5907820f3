/**
 * Builds the client into dist/client, as JavaScript with its types: what `selvage/client` leads to. Whether the types
 * are right is asked by `npm run check`.
 */
import { main, Refusal, requirePackages } from './lib/cli.mjs'
import { runTool } from './lib/tool.mjs'

await main(async () => {
  requirePackages()
  const args = ['--noCheck', '--project', 'src/client/tsconfig.json']
  const { code, output } = await runTool('typescript', args, { bin: 'tsc' })
  if (code !== 0) throw new Refusal(output, 'The client does not compile: `npm run check` says more.')
})
