import { describeStartup } from '../startup-bench.ts'
import { chanceOfDisagreement, confidenceOf } from '../statistics.ts'
import { layersTable } from './layers.ts'
import { markdownTable } from './layout.ts'
import { drawRatios } from './plot.ts'
import { PARTS, type Part, type Results } from './results.ts'
import { detailTable, mainTables, notesOf } from './tables.ts'
import { judge, verdictTable } from './targets.ts'

const TITLES: Record<Part, string> = {
  http: 'Answers a second: Selvage to others',
  chat: 'Chat: Selvage to others',
}

/** Where things are published, from the folder of package.json on. */
export const PUBLISHED = {
  results: 'docs/benchmarks/results.json',
  readme: 'README.md',
  document: 'docs/benchmarks.md',
  plots: { http: 'docs/benchmarks/http.svg', chat: 'docs/benchmarks/chat.svg' } satisfies Record<Part, string>,
}

export const UNPUBLISHED = 'Nothing has been published yet: `npm run bench -- --publish` measures, and writes it here.'

const BEGIN = '<!-- What stands here is written by `npm run bench -- --publish`. -->'
const END = '<!-- Here ends what is written by `npm run bench -- --publish`. -->'

/** What stands between the markers of a document, without the lines around it. */
export function publishedIn(document: string): string {
  const [from, to] = placeOf(document)
  return document.slice(from, to).trim()
}

/** The document with this between its markers. */
export function withPublished(document: string, text: string): string {
  const [from, to] = placeOf(document)
  return `${document.slice(0, from)}\n${text}\n${document.slice(to)}`
}

function placeOf(document: string): [number, number] {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (from === -1 || to < from) throw new Error(`The markers are not there: ${BEGIN} and ${END}`)
  return [from + BEGIN.length, to]
}

export function machineText({ machine }: Pick<Results, 'machine'>): string {
  const { processors, processor, memoryGib, system, node, workerd, at } = machine
  return `${processors} x ${processor}, ${memoryGib} GiB, ${system}, Node ${node}, workerd ${workerd}, ${at.slice(0, 10)}`
}

/** README's section: plots, tables, and where they are from. */
export function readmeText(results: Results): string {
  const parts = PARTS.filter((part) => results[part].length > 0)
  return [
    ...parts.map((part) => `![${TITLES[part]}; the table below has the figures](${PUBLISHED.plots[part]})`),
    ...mainTables(results).map(markdownTable),
    [...notesOf(results), factsText(results)].join(' '),
  ].join('\n\n')
}

/** What docs/benchmarks.md shows besides: goals with their verdicts, and each system in each case. */
export function documentText(results: Results): string {
  const { layers, startup } = results
  return [
    factsText(results),
    markdownTable(verdictTable(judge(results))),
    markdownTable(detailTable(results)),
    ...(layers ? [markdownTable(layersTable(layers))] : []),
    ...(startup ? [`\`\`\`\n${describeStartup(startup)}\n\`\`\``] : []),
  ].join('\n\n')
}

function factsText(results: Results): string {
  const { command, machine, before, rounds } = results
  const least = Math.min(...PARTS.filter((part) => results[part].length > 0).map((part) => rounds[part]))
  const facts = [
    `Made by \`${command}\` on ${machineText(results)} (load before: ${machine.load}).`,
    `A range of ${least} rounds encloses the true median with ${(confidenceOf(least) * 100).toFixed(1)} %.`,
  ]
  if (!before) return facts.join(' ')
  const byChance = (chanceOfDisagreement(least) * before.ratios).toPrecision(1)
  return [
    ...facts,
    `The run before it (${before.at.slice(0, 16).replace('T', ' ')} UTC) agrees on ${before.agree} of ${before.ratios} ratios; chance alone would part ${byChance}.`,
  ].join(' ')
}

/** The plot of each part that was measured. */
export function plotsOf(results: Results): [path: string, svg: string][] {
  return PARTS.filter((part) => results[part].length > 0).map((part) => [
    PUBLISHED.plots[part],
    drawRatios(part, TITLES[part], results[part]),
  ])
}
