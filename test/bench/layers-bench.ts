import { loadHttp } from './load/http.ts'
import { inTurns } from './round-figures.ts'
import { spendingOf } from './spent.ts'
import { median, type Spread, spreadOver } from './statistics.ts'
import { startRuntime } from './systems/workers.ts'

const CONNECTIONS = 16
const WARM_UP_SECONDS = 1
const ALL = 'contract, verb and envelope'
const LEAST = 'hono alone'

/** What each layer of the stack adds to an answer, in microseconds of processor time, from outside inwards. */
export interface LayersResult {
  layers: { name: string; addsUs: Spread }[]
  /** Of a whole answer of `/version`. */
  wholeUs: number
}

/**
 * A layer that is taken out leaves those within without what it has found out, so the stack is built up instead: the
 * same answer behind none of the layers, behind the first, and so on; at last the route itself.
 */
export async function benchLayers(
  say: (text: string) => void,
  { rounds = 7, seconds = 1.5 } = {},
): Promise<LayersResult> {
  const { selvage } = await startRuntime({ entry: 'test/bench/workers/layers.ts' })
  try {
    const names = (await (await fetch(`${selvage.url}/layers`)).json()) as string[]
    const paths = [...Array.from({ length: names.length + 1 }, (_, depth) => `/layers/${depth}`), '/version']
    const timeOf = async (path: string, length: number) => {
      const load = { url: selvage.url, connections: CONNECTIONS, seconds: length, next: () => ({ path }) }
      const { result, processorMs } = await spendingOf(selvage.pids, () => loadHttp(load))
      return (processorMs * 1_000) / result.answers
    }
    for (const path of paths) await timeOf(path, WARM_UP_SECONDS)
    const measured = [...(await inTurns(paths, rounds, (path) => timeOf(path, seconds))).values()]
    say('layers')
    const layers = [LEAST, ...names, ALL].map((name, at) => {
      const [within, times] = [measured[at - 1] ?? [], measured[at] ?? []]
      return { name, addsUs: spreadOver(times.map((time, round) => time - (within[round] ?? 0))) }
    })
    return { layers, wholeUs: median(measured.at(-1) ?? []) }
  } finally {
    await selvage.stop()
  }
}
