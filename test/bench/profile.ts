import { parseArgs } from 'node:util'
import { main } from '../../scripts/lib/cli.mjs'
import { profileOf } from './inspector.ts'
import { loadHttp } from './load/http.ts'
import { profileText } from './report/profile.ts'
import { startRuntime } from './systems/workers.ts'
import { makeCatalog, makePeople } from './world.ts'

const INSPECTOR_PORT = 9_333
const CONNECTIONS = 16
const WARM_UP_SECONDS = 2
const PRODUCTS = 1_000

/** Prints where the time of one route goes: `npm run bench -- --profile /v1/products?limit=20 --signed-in`. */
await main(async () => {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string', default: '/version' },
      'signed-in': { type: 'boolean', default: false },
      seconds: { type: 'string', default: '5' },
    },
  })
  const runtime = await startRuntime({ inspectorPort: INSPECTOR_PORT, isReadable: true })
  try {
    await makeCatalog(runtime, 0, PRODUCTS)
    const [person] = await makePeople(runtime, 1)
    const headers: Record<string, string> = values['signed-in'] ? { authorization: `Bearer ${person?.token}` } : {}
    const load = (seconds: number) =>
      loadHttp({
        url: runtime.selvage.url,
        connections: CONNECTIONS,
        seconds,
        next: () => ({ path: values.profile, headers }),
      })
    await load(WARM_UP_SECONDS)
    let answers = 0
    const profile = await profileOf(INSPECTOR_PORT, 'selvage', async () => {
      ;({ answers } = await load(Number(values.seconds)))
    })
    console.log(profileText(profile, answers))
  } finally {
    await runtime.selvage.stop()
  }
})
