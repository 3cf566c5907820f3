import { execFileSync } from 'node:child_process'
import { main, ROOT, requirePackages } from './lib/cli.mjs'
import { BUDGET, weighPages } from './lib/page-weights.mjs'

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
  return weights.every(isWithinBudget) ? 0 : 1
})

function isWithinBudget(weight) {
  return Object.entries(BUDGET).every(([name, most]) => weight[name] <= most)
}

function kib(bytes) {
  return `${(bytes / 1024).toFixed(1)} KiB`
}
