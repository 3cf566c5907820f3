import { rmSync } from 'node:fs'
import { main } from './lib/cli.mjs'
import { withLock } from './lib/lock.mjs'
import { STATE_DIRECTORY } from './lib/wrangler-config.mjs'

await main(() =>
  withLock(() => {
    rmSync(STATE_DIRECTORY, { recursive: true, force: true })
    console.log('The local data is gone; .dev.vars stays. `npm start` makes it anew.')
  }),
)
