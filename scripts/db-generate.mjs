import { main, Refusal, requirePackages } from './lib/cli.mjs'
import { runTool } from './lib/tool.mjs'
import { readWranglerConfig } from './lib/wrangler-config.mjs'

await main(async () => {
  requirePackages()
  const [database, name, ...options] = process.argv.slice(2)
  const { databases } = await readWranglerConfig()
  const known = databases.map(({ directory }) => directory.replace(/^.*\//, ''))
  if (!known.includes(database) || !/^[a-z][a-z0-9_]*$/.test(name ?? '')) {
    throw new Refusal(
      'A migration needs its database and a name for what it does.',
      `Usage: npm run db:generate -- <${known.join('|')}> <name_in_snake_case> [--custom]`,
    )
  }
  const { code } = await runTool('drizzle-kit', ['generate', '--name', name, ...options], {
    env: { DATABASE: database },
    inherit: true,
  })
  return code
})
