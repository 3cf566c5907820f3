import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CHAPTERS, CONTROLS } from './lib/asvs-controls.mjs'
import { main, Refusal, ROOT } from './lib/cli.mjs'
import { RESULTS, readResults } from './lib/test-results.mjs'

const SOURCE = resolve(ROOT, 'test/asvs.json')
const DOCUMENT = resolve(ROOT, 'docs/security/asvs.md')
const FIELDS = new Set(['how', 'tests', 'see', 'deviation'])

await main(() => {
  const answers = JSON.parse(readFileSync(SOURCE, 'utf8'))
  const report = readResults(RESULTS)
  if (!report) throw new Refusal('There are no results of a whole test run.', 'Run `npm test` first, without a filter.')
  const passed = new Set(
    report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'passed').map(({ title }) => sentenceOf(title)),
    ),
  )
  const complaints = Object.keys({ ...CONTROLS, ...answers }).flatMap((id) => complain(id, answers[id], passed))
  if (complaints.length > 0) {
    throw new Refusal(`test/asvs.json does not hold:\n${complaints.join('\n')}`, 'Correct it, or the tests it names.')
  }
  const document = render(answers)
  if (!process.argv.includes('--check')) {
    writeFileSync(DOCUMENT, document)
    console.log(`docs/security/asvs.md: ${Object.keys(CONTROLS).length} controls are answered.`)
    return 0
  }
  if (existsSync(DOCUMENT) && readFileSync(DOCUMENT, 'utf8') === document) return 0
  throw new Refusal('docs/security/asvs.md is not what test/asvs.json says.', 'Run `npm run asvs`.')
})

/** Every control is proved by tests that passed, shown in a document, or departed from for a reason that is said. */
function complain(id, answer, passed) {
  if (!(id in CONTROLS)) return [`  ${id} is no control of these chapters and levels`]
  if (!answer) return [`  ${id} is not answered`]
  const { how, tests = [], see, deviation } = answer
  const [file, anchor] = see?.split('#') ?? []
  return [
    !how && !deviation && 'does not say how it is met, nor why not',
    tests.length === 0 && !see && !deviation && 'names neither a test nor a document',
    ...Object.keys(answer).map((field) => !FIELDS.has(field) && `has an unknown field, ${field}`),
    ...tests.map((title) => !passed.has(title) && `names a test that did not pass: ${title}`),
    file && !hasHeading(file, anchor) && `leads to ${see}, which is not there`,
  ].flatMap((complaint) => (complaint ? [`  ${id} ${complaint}`] : []))
}

function hasHeading(file, anchor) {
  const path = resolve(ROOT, file)
  if (!existsSync(path)) return false
  if (anchor === undefined) return true
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)
  return [...headings].some(([, text]) => anchorOf(text) === anchor)
}

function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\d\s-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
}

function render(answers) {
  const chapters = Object.entries(CHAPTERS).map(([chapter, name]) => {
    const ids = Object.keys(CONTROLS).filter((id) => id.startsWith(`${chapter}.`))
    return [
      `## ${chapter} ${name}`,
      [
        '| control | level | how it is met | shown by |',
        '| --- | --- | --- | --- |',
        ...ids.map((id) => row(id, answers[id])),
      ].join('\n'),
    ].join('\n\n')
  })
  const departed = Object.values(answers).filter(({ deviation }) => deviation).length
  return `${[
    '# OWASP ASVS 5.0.0, chapters V6 to V9, levels 1 and 2',
    'Written by `npm run asvs` from test/asvs.json, which names for each control the tests that prove it; it refuses one that did not run and pass. The text of the controls is at https://asvs.dev.',
    `${Object.keys(CONTROLS).length} controls, of which ${departed} are departed from, for the reason that stands with each.`,
    ...chapters,
  ].join('\n\n')}\n`
}

function row(id, { how, tests = [], see, deviation }) {
  const says = [how, deviation && `**Departed from:** ${deviation}`].filter(Boolean).join(' ')
  const shown = [...tests.map((title) => `“${title}”`), ...(see ? [`[${see}](../../${see})`] : [])].join('<br>')
  return `| ${id} | ${CONTROLS[id]} | ${escaped(says)} | ${escaped(shown)} |`
}

function escaped(text) {
  return text.replaceAll('|', '\\|')
}

/** The title without the numbers of the requirements that it proves. */
function sentenceOf(title) {
  return title.replace(/\s*\((?:[RSPX]\d+(?:\.\d+)?(?:, ?)?)+\)$/, '')
}
