import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { main, ROOT, requirePackages, seconds } from './lib/cli.mjs'
import { runFile, runTool } from './lib/tool.mjs'

const TYPESCRIPT_PROJECTS = [
  'tsconfig.json',
  'src/client/tsconfig.json',
  'src/web/tsconfig.json',
  'test/bench/tsconfig.json',
  'test/node/tsconfig.json',
]
const SOURCES = ['src', 'durable-objects', 'scripts', 'test']

const LINT_AND_FORMAT = 'lint and format'

/** What to do about a failure, where one command mends most of them. */
const REMEDIES = { [LINT_AND_FORMAT]: 'Run `npm run format`; what is left after that is for you to mend.' }

/** Name and work. The slow ones come first, so that the quick ones fill the other cores. */
const CHECKS = [
  ...TYPESCRIPT_PROJECTS.filter(exists).map((project) => [
    `types (${project})`,
    () => runTool('typescript', ['--noEmit', '--project', project], { bin: 'tsc' }),
  ]),
  [
    'unused files, exports and dependencies',
    () => runTool('knip', ['--no-progress', '--treat-config-hints-as-errors']),
  ],
  [
    'floating promises',
    () =>
      runTool('oxlint', ['--config', 'scripts/lint/promises.oxlint.json', '--type-aware', ...SOURCES.filter(exists)]),
  ],
  ['dependency rule', checkDependencies],
  ["the client's types", () => runFile('scripts/client.mjs', ['--check'])],
  [LINT_AND_FORMAT, () => runTool('@biomejs/biome', ['ci', '--colors=off', '--max-diagnostics=50', '.'])],
]

await main(async () => {
  requirePackages()
  const began = performance.now()
  const queue = [...CHECKS]
  const failures = []
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [name, run] = next
      const startedMs = performance.now()
      const { code, output } = await run()
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${seconds(startedMs).padStart(6)}  ${name}`)
      if (code !== 0) failures.push([name, output])
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))

  for (const [name, output] of failures) {
    console.log(`\n── ${name} ──\n${output.trimEnd()}`)
    if (REMEDIES[name]) console.log(REMEDIES[name])
  }
  console.log(`\n${failures.length === 0 ? 'All is well' : `${failures.length} failed`} (${seconds(began)})`)
  return failures.length === 0 ? 0 : 1
})

async function checkDependencies() {
  const args = ['--config', 'scripts/lint/dependencies.mjs', ...SOURCES.filter(exists)]
  const { code, output } = await runTool('dependency-cruiser', args, { bin: 'depcruise' })
  // It parses with swc, and yet advises an older TypeScript.
  return { code, output: output.split('‼ missing-tsc-transpiler')[0] }
}

function exists(path) {
  return existsSync(resolve(ROOT, path))
}
