import { join, resolve } from 'node:path'
import { main, ROOT } from '../../scripts/lib/cli.mjs'
import type { ChatPlan } from './chat/result.ts'
import { benchChat } from './chat-bench.ts'
import { benchHttp } from './http-bench.ts'
import { benchLayers } from './layers-bench.ts'
import { comparisonText } from './report/compare.ts'
import { machineText } from './report/document.ts'
import { keepResults, publish, readResults } from './report/files.ts'
import { layersTable } from './report/layers.ts'
import { textTable } from './report/layout.ts'
import { describeMachine } from './report/machine.ts'
import { type BenchOptions, readOptions } from './report/options.ts'
import type { Results } from './report/results.ts'
import { mainTables, notesOf } from './report/tables.ts'
import { judge, verdictTable } from './report/targets.ts'
import type { Plan } from './rounds.ts'
import { benchStartup, describeStartup } from './startup-bench.ts'

const RESULTS = join(ROOT, 'test-results/bench')

await main(async () => {
  const options = readOptions(process.argv.slice(2))
  const [one, other] = options.files.map((file) => readResults(resolve(file)))
  if (one && other) return console.log(comparisonText(one, other))
  if (one) return tellPublished(one)

  const { results, before } = keepResults(RESULTS, await measure(options))
  console.log(reportText(results))
  if (before && results.before) console.log(`\n${comparisonText(before, results)}`)
  if (options.publish) tellPublished(results)
})

async function measure({ quick, only, parts, extras, command }: BenchOptions): Promise<Results> {
  const http: Plan = quick
    ? { rounds: 3, seconds: 0.5, slowSeconds: 1.5, sizes: [1_000], only }
    : { rounds: 5, seconds: 4, slowSeconds: 6, sizes: [1_000, 100_000], only }
  const chat: ChatPlan = quick
    ? {
        rounds: 3,
        sizes: [2, 100],
        deliveries: 60_000,
        rates: [100],
        rateSeconds: 1,
        stormSockets: 200,
        returning: [100],
        notified: 98,
        only,
      }
    : {
        rounds: 5,
        sizes: [2, 100, 500, 1_000],
        deliveries: 300_000,
        rates: [20, 100, 200],
        rateSeconds: 4,
        stormSockets: 2_000,
        returning: [100, 500],
        notified: 980,
        only,
      }
  const say = (text: string) => console.error(`  ${text}`)
  return {
    machine: describeMachine(),
    command,
    rounds: { http: http.rounds, chat: chat.rounds },
    http: parts.includes('http') ? await benchHttp(http, say) : [],
    chat: parts.includes('chat') ? await benchChat(chat, say) : [],
    ...(extras.includes('layers') && { layers: await benchLayers(say) }),
    ...(extras.includes('startup') && { startup: await benchStartup(say) }),
  }
}

function reportText(results: Results): string {
  return [
    machineText(results),
    ...mainTables(results).map(textTable),
    notesOf(results).join('\n'),
    textTable(verdictTable(judge(results))),
    ...(results.layers ? [textTable(layersTable(results.layers))] : []),
    ...(results.startup ? [describeStartup(results.startup)] : []),
  ].join('\n\n')
}

function tellPublished(results: Results): void {
  for (const path of publish(ROOT, results)) console.log(`  ${path}`)
}
