import { execFileSync } from 'node:child_process'
import { main, ROOT, requirePackages } from './lib/cli.mjs'
import { BUDGET, HEAVIER, overBudget, weighPages } from './lib/page-weights.mjs'

await main(async () => {
  requirePackages()
  execFileSync(process.execPath, ['scripts/build-web.mjs'], { cwd: ROOT, stdio: 'inherit' })
  const weights = await weighPages()
  const width = Math.max(...weights.map(({ address }) => address.length))
  const row = (address, ...cells) => [address.padEnd(width), ...cells.map((cell) => String(cell).padStart(14))].join('')
  console.log(row('first load of', 'scripts', 'styles', 'requests', 'blocking'))
  for (const { address, scriptBytes, styleBytes, requests, blockingScripts } of weights) {
    console.log(row(address, kib(scriptBytes), kib(styleBytes), requests, blockingScripts))
  }
  console.log(row('budget', kib(BUDGET.scriptBytes), kib(BUDGET.styleBytes), BUDGET.requests, BUDGET.blockingScripts))
  for (const [address, { scriptBytes, styleBytes, because }] of Object.entries(HEAVIER)) {
    console.log(`${row(`budget of ${address}`, kib(scriptBytes), kib(styleBytes))}  ${because}`)
  }
  const over = weights.flatMap(overBudget)
  for (const complaint of over) console.log(complaint)
  return over.length === 0 ? 0 : 1
})

function kib(bytes) {
  return `${(bytes / 1024).toFixed(1)} KiB`
}
