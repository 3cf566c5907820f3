import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { main, Refusal, ROOT } from './lib/cli.mjs'
import { RESULTS, readResults } from './lib/test-results.mjs'

const DOCUMENT = resolve(ROOT, 'docs/requirements.md')
/** Rows of one number from one file; the rest is counted. */
const MOST_OF_A_FILE = 6
const AT_MOST = 3

// A title ends with the numbers that its test proves: `acknowledges a refused send (R13.12, S5)`.
const NUMBERS = /\s*\(((?:[RSPX]\d+(?:\.\d+)?(?:, ?)?)+)\)$/

await main(() => {
  const { questions, notApplicable } = JSON.parse(readFileSync(resolve(ROOT, 'test/requirements.json'), 'utf8'))
  const report = readResults(RESULTS)
  if (!report) throw new Refusal('There are no results of a whole test run.', 'Run `npm test` first, without a filter.')
  const proofs = collectProofs(report)
  refuseUnknown([...proofs.keys(), ...Object.keys(notApplicable)], questions)
  const document = render(questions, notApplicable, proofs)

  if (!process.argv.includes('--check')) {
    writeFileSync(DOCUMENT, document)
    console.log(`docs/requirements.md: ${proofs.size} numbers are proved.`)
    return 0
  }
  if (existsSync(DOCUMENT) && readFileSync(DOCUMENT, 'utf8') === document) return 0
  throw new Refusal('docs/requirements.md is not what the tests say.', 'Run `npm test` and `npm run requirements`.')
})

/** From a number to the tests that ran, passed and name it. */
function collectProofs(report) {
  const proofs = new Map()
  for (const { name, assertionResults } of report.testResults) {
    const file = relative(ROOT, name).replaceAll('\\', '/')
    for (const { title, status } of assertionResults) {
      const numbers = title.match(NUMBERS)?.[1].split(/, ?/) ?? []
      if (numbers.length > AT_MOST) {
        throw new Refusal(`${file}: '${title}' names more than ${AT_MOST} numbers.`, 'Make it several tests.')
      }
      if (status !== 'passed') continue
      const sentence = title.replace(NUMBERS, '')
      for (const number of numbers.filter((one) => one.startsWith('R'))) {
        proofs.set(number, [...(proofs.get(number) ?? []), { sentence, file }])
      }
    }
  }
  return proofs
}

function refuseUnknown(numbers, questions) {
  const unknown = numbers.filter((number) => {
    const [question, line] = split(number)
    return !(line >= 1 && line <= questions[question]?.lines)
  })
  if (unknown.length === 0) return
  throw new Refusal(`No such requirement: ${unknown.join(', ')}.`, 'Correct the title, or test/requirements.json.')
}

function render(questions, notApplicable, proofs) {
  const systems = Object.entries(questions).map(([question, { system, lines }]) => {
    const numbers = Array.from({ length: lines }, (_, index) => `R${question}.${index + 1}`)
    const isDone = (number) => proofs.has(number) || number in notApplicable
    return { question, system, numbers, missing: numbers.filter((number) => !isDone(number)) }
  })
  const total = systems.flatMap(({ numbers }) => numbers).length
  const missing = systems.flatMap((one) => one.missing).length
  return `${[
    '# Requirements',
    'Written by `npm run requirements` from the tests that ran and passed. A test proves the numbers at the end of its title.',
    `${total} lines: ${proofs.size} proved, ${total - proofs.size - missing} not applicable, ${missing} missing.`,
    ...systems.map((one) => renderSystem(one, notApplicable, proofs)),
  ].join('\n\n')}\n`
}

function renderSystem({ question, system, numbers, missing }, notApplicable, proofs) {
  const rows = numbers.flatMap((number) => {
    const proved = Map.groupBy(sorted(proofs.get(number) ?? []), ({ file }) => file)
    const words = proved.size > 0 ? 'Not applicable in part' : 'Not applicable'
    const exempt = number in notApplicable ? [row(number, `${words}: ${notApplicable[number]}`, '')] : []
    return [...[...proved].flatMap(([file, all]) => folded(number, file, all)), ...exempt]
  })
  return [
    `## ${question}. ${system}`,
    rows.length > 0 && ['| number | what is proved | where |', '| --- | --- | --- |', ...rows].join('\n'),
    missing.length > 0 && `Missing: ${ranges(missing)}.`,
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** Tests that walk a table, of all routes for one, say the same sentence many times. */
function folded(number, file, all) {
  const shown = all.slice(0, MOST_OF_A_FILE).map(({ sentence }) => row(number, sentence, file))
  return all.length <= MOST_OF_A_FILE
    ? shown
    : [...shown, row(number, `… and ${all.length - shown.length} more like these`, file)]
}

function row(number, sentence, file) {
  return `| ${number} | ${sentence.replaceAll('|', '\\|')} | ${file} |`
}

/** In an order of their own, because files finish in any order. */
function sorted(proofs) {
  const key = ({ file, sentence }) => `${file} ${sentence}`
  return proofs.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** `R7.3, R7.5-R7.9`. */
function ranges(numbers) {
  const runs = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last && split(number)[1] === split(last.to)[1] + 1) last.to = number
    else runs.push({ from: number, to: number })
  }
  return runs.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(', ')
}

function split(number) {
  return number.slice(1).split('.').map(Number)
}
