import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { compareRuns, comparisonText } from '../bench/report/compare.ts'
import {
  documentText,
  PUBLISHED,
  plotsOf,
  publishedIn,
  readmeText,
  UNPUBLISHED,
  withPublished,
} from '../bench/report/document.ts'
import { keepResults, publish, readResults } from '../bench/report/files.ts'
import { markdownTable, textTable } from '../bench/report/layout.ts'
import { readOptions } from '../bench/report/options.ts'
import { drawRatios } from '../bench/report/plot.ts'
import type { Measured, Results } from '../bench/report/results.ts'
import { mainTables } from '../bench/report/tables.ts'
import { judge } from '../bench/report/targets.ts'
import { median } from '../bench/statistics.ts'

function measured(rates: number[], other: Partial<Measured> = {}): Measured {
  return { rate: median(rates), rates, p50Ms: 4, p99Ms: 9, processorMs: 0.2, residentBytes: 2 ** 28, ...other }
}

function someResults(at = '2030-01-02T03:04:05.000Z', slowedBy = 1): Results {
  const ours = (...rates: number[]) => measured(rates.map((one) => one / slowedBy))
  return {
    machine: { at, processor: 'One', processors: 2, memoryGib: 8, system: 'any', node: '22', workerd: '1', load: 0.1 },
    command: 'npm run bench -- --publish',
    rounds: { http: 3, chat: 3 },
    http: [
      {
        name: 'health',
        floor: 'a bare Hono route',
        systems: {
          selvage: ours(800, 780, 820),
          floor: measured([1_000, 1_000, 1_000]),
          'nest-express': measured([410, 410, 390]),
        },
      },
      { name: 'sign-in', floor: 'none', systems: { selvage: ours(5, 5, 5), 'nest-express': measured([5, 4, 10]) } },
    ],
    chat: [
      {
        name: 'fan-out to 500, 32 in flight',
        kind: 'fan-out',
        unit: 'deliveries',
        systems: { selvage: ours(90, 90, 90), 'socket.io': measured([100, 100, 100], { clientShare: 0.95 }) },
      },
      {
        name: '50 messages a second',
        kind: 'rate',
        unit: 'deliveries',
        systems: { selvage: ours(50, 50, 50), 'socket.io': measured([50, 50, 50]) },
      },
      {
        name: 'at rest',
        kind: 'rest',
        unit: 'nothing',
        systems: { selvage: measured([], { rate: 0 }), 'socket.io': measured([], { rate: 0, residentBytes: null }) },
      },
    ],
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'selvage-bench-report-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('the tables', () => {
  const [http, chat, paced] = mainTables(someResults())

  it('show what each did, and ratios with their range', () => {
    expect(http?.head).toEqual([
      ...['answers a second', 'Selvage', 'floor', 'NestJS + Express', '÷ floor', '÷ NestJS + Express', 'p50', 'p99'],
    ])
    expect(http?.rows[0]).toEqual([
      ...['health', '800', '1,000', '410', '0.80 (0.78-0.82)', '1.95 (1.90-2.10)', '4 ms', '9 ms'],
    ])
    expect(http?.rows[1]?.slice(2, 5)).toEqual(['-', '5.00', '-'])
  })

  it('make no race of what is paced or rests, and mark whom the clients held up', () => {
    expect(chat?.rows.map(([name]) => name)).toEqual([
      'fan-out to 500, 32 in flight',
      'at rest: MiB',
      'memory at most: MiB',
    ])
    expect(chat?.rows[0]?.[2]).toBe('100*')
    expect(chat?.rows[1]?.slice(1, 3)).toEqual(['256', '-'])
    expect(paced?.rows).toEqual([['50 messages a second', '4 ms, 9 ms', '4 ms, 9 ms']])
  })

  it('are columns in a terminal, and a table in Markdown', () => {
    const table = { head: ['what', 'n'], rows: [['a | b', '12']] }
    expect(textTable(table)).toBe('what    n\na | b  12')
    expect(markdownTable(table)).toBe('| what   |   n |\n| ------ | --: |\n| a \\| b |  12 |')
  })
})

it('judges each target by its median, says where rounds differ, and where nothing was measured', () => {
  const verdicts = judge(someResults())
  const of = (what: string, goal: string) => {
    const found = verdicts.find((one) => one.what.startsWith(what) && one.goal === goal)
    return found && [found.figure, found.isReached, found.isClose]
  }
  expect(of('without dependencies', '>= 0.75')).toEqual(['0.80 (0.78-0.82)', true, false])
  expect(of('both without a store', '>= 2.00')).toEqual(['1.95 (1.90-2.10)', false, true])
  expect(of('a warm read', '>= 0.55')).toEqual(['-', undefined, false])
  expect(of('chat, everything stored', '>= 1.50')).toEqual(['0.90 (0.90-0.90)', false, false])
  expect(verdicts.filter(({ goal, isReached }) => goal === '<= 250 ms' && isReached)).toHaveLength(1)
  expect(judge({ ...someResults(), chat: [] }).every(({ id }) => id === 'P1')).toBe(true)
})

describe('two runs', () => {
  const [a, same, slower] = [someResults(), someResults('2030-01-02T04:00:00.000Z', 1.01), someResults('2030', 1.2)]

  it('are compared ratio by ratio, as far as both have them', () => {
    expect(compareRuns(a, same).map(({ case: name, to, agree }) => [name, to, agree])).toEqual([
      ['health', 'floor', true],
      ['health', 'nest-express', true],
      ['sign-in', 'nest-express', true],
      ['fan-out to 500, 32 in flight', 'socket.io', false],
    ])
    expect(compareRuns(a, { ...same, http: [] })).toHaveLength(1)
    expect(comparisonText(a, slower)).toContain('1 of 4 ratios agree')
    expect(comparisonText(a, slower)).toMatch(/health ÷ floor .* -17 % {2}DISAGREE/)
  })

  it('leave word of each other where results are kept', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'results.json'), 'of an older form')
    expect(keepResults(folder, a)).toEqual({ results: a, before: undefined })
    const { results, before } = keepResults(folder, same)
    expect(results.before).toEqual({ at: a.machine.at, ratios: 4, agree: 3 })
    expect(before).toEqual(a)
    expect(readResults(join(folder, 'results-before.json'))).toEqual(a)
    expect(readResults(join(folder, 'results.json'))).toEqual(results)
  })
})

describe('the plot', () => {
  const svg = drawRatios('http', 'A <title>', someResults().http)

  it('tells its figures in words, follows the scheme of whoever looks, and asks nobody for anything', () => {
    expect(svg).toContain('<title id="title">A &lt;title&gt;</title>')
    expect(svg).toContain('health: 0.80 times floor (0.78 to 0.82), 1.95 times NestJS + Express (1.90 to 2.10).')
    expect(svg).toContain('@media (prefers-color-scheme: dark)')
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|<script|NaN|undefined/)
  })

  it('sets twice as fast as far from 1 as half as fast', () => {
    const plotOf = (rate: number) => {
      const systems = { selvage: measured([rate]), floor: measured([100]) }
      const drawn = drawRatios('chat', 'T', [{ name: 'one', systems }])
      const one = Number(/class="one" d="M([\d.]+)/.exec(drawn)?.[1])
      return Number(/mark s0" transform="translate\(([\d.]+) 105/.exec(drawn)?.[1]) - one
    }
    expect(plotOf(200)).toBeGreaterThan(50)
    expect(plotOf(200)).toBeCloseTo(-plotOf(50), 0)
    expect(plotOf(100)).toBeCloseTo(0)
  })
})

describe('publishing', () => {
  const page = withPublished(readFileSync('README.md', 'utf8'), UNPUBLISHED)

  it('writes results, plots and both documents, and leaves the rest of these as it was', async () => {
    const root = temporaryFolder()
    await mkdir(join(root, 'docs'))
    for (const path of [PUBLISHED.readme, PUBLISHED.document]) writeFileSync(join(root, path), page)
    const results = someResults()
    const paths = publish(root, results)
    expect(paths.every((path) => existsSync(join(root, path)))).toBe(true)
    const readme = readFileSync(join(root, PUBLISHED.readme), 'utf8')
    expect(publishedIn(readme)).toBe(readmeText(results))
    expect(withPublished(readme, UNPUBLISHED)).toBe(page)
    expect(readResults(join(root, PUBLISHED.results))).toEqual(results)
  })

  it('refuses what was not measured whole', () => {
    const parted = { ...someResults(), chat: [] }
    const quick = { ...someResults(), command: 'npm run bench -- --quick' }
    for (const results of [parted, quick]) expect(() => publish(temporaryFolder(), results)).toThrow('Only whole runs')
  })

  it('has left in the documents what the kept results say, or nothing', () => {
    const kept = existsSync(PUBLISHED.results) ? readResults(PUBLISHED.results) : undefined
    const shown = (path: string) => publishedIn(readFileSync(path, 'utf8'))
    expect(shown(PUBLISHED.readme)).toBe(kept ? readmeText(kept) : UNPUBLISHED)
    expect(shown(PUBLISHED.document)).toBe(kept ? documentText(kept) : UNPUBLISHED)
    const plots = Object.values(PUBLISHED.plots).flatMap((path) =>
      existsSync(path) ? [[path, readFileSync(path, 'utf8')]] : [],
    )
    expect(plots).toEqual(kept ? plotsOf(kept) : [])
  })
})

it('takes only options that go together', () => {
  expect(readOptions(['--quick', '--only', 'full text']).command).toBe("npm run bench -- --quick --only 'full text'")
  expect(readOptions(['--part', 'chat']).parts).toEqual(['chat'])
  for (const wrong of ['--part all', '--compare a.json', 'a.json', '--publish a.json b.json', '--fast']) {
    expect(() => readOptions(wrong.split(' ')), wrong).toThrow('npm run bench -- --compare')
  }
})
