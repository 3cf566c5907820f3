import { mibText, msText, numberText, ratioText } from './figures.ts'
import type { Table } from './layout.ts'
import {
  BUSY_CLIENTS,
  isRace,
  type Measured,
  type MeasuredCase,
  OURS,
  PARTS,
  type Part,
  type Results,
  ratioTo,
  systemsOf,
  titleOf,
} from './results.ts'

const BUSY = '*'

/** What stands below the tables, where it says something of one of them. */
export function notesOf(results: Record<Part, readonly MeasuredCase[]>): string[] {
  const all = PARTS.flatMap((part) => results[part]).flatMap(({ systems }) => Object.values(systems))
  return [
    'Ratios are medians of the rounds’ ratios, with the lowest and the highest round. p50 and p99 are Selvage’s.',
    ...(all.some((measured) => measured && isHeldUp(measured))
      ? [`${BUSY} Whoever made the load had no time left: the system itself may be faster.`]
      : []),
  ]
}

/** A table for each part: what each did a second, how many times as much ours did, and how late ours was. */
export function mainTables(results: Record<Part, readonly MeasuredCase[]>): Table[] {
  return PARTS.filter((part) => results[part].length > 0).flatMap((part) => {
    const cases = results[part]
    const paced = cases.filter(({ kind }) => kind === 'rate')
    return [raceTable(cases), ...(paced.length > 0 ? [pacedTable(paced)] : [])]
  })
}

function raceTable(cases: readonly MeasuredCase[]): Table {
  const systems = systemsOf(cases)
  const others = systems.filter((name) => name !== OURS)
  const units = new Set(cases.filter(isRace).map(unitOf))
  const [unit] = units
  const memory = (one: MeasuredCase, name: string) => mibText(one.systems[name]?.residentBytes)
  const blanks = [...others.map(() => ''), '', '']
  return {
    head: [
      units.size === 1 ? `${unit} a second` : 'a second',
      ...systems.map(titleOf),
      ...others.map((name) => `÷ ${titleOf(name)}`),
      'p50',
      'p99',
    ],
    rows: [
      ...cases
        .filter(isRace)
        .map((one) => [
          units.size === 1 ? one.name : `${one.name}: ${unitOf(one)}`,
          ...systems.map((name) => rateText(one.systems[name])),
          ...others.map((name) => ratioText(ratioTo(one, name))),
          msText(one.systems[OURS]?.p50Ms),
          msText(one.systems[OURS]?.p99Ms),
        ]),
      ...cases
        .filter(({ kind }) => kind === 'rest')
        .map((one) => [`${one.name}: MiB`, ...systems.map((name) => memory(one, name)), ...blanks]),
      ['memory at most: MiB', ...systems.map((name) => mibText(mostMemory(cases, name))), ...blanks],
    ],
  }
}

/** Where so much is asked and no more: how late it came. */
function pacedTable(cases: readonly MeasuredCase[]): Table {
  const systems = systemsOf(cases)
  return {
    head: ['p50, p99', ...systems.map(titleOf)],
    rows: cases.map((one) => [
      one.name,
      ...systems.map((name) => {
        const measured = one.systems[name]
        return measured ? `${msText(measured.p50Ms)}, ${msText(measured.p99Ms)}` : '-'
      }),
    ]),
  }
}

/** A row a case and system: what the main tables leave out. */
export function detailTable(results: Results): Table {
  return {
    head: ['case', 'system', 'a second', 'lowest', 'highest', 'p50', 'p99', 'processor ms each', 'bytes each', 'MiB'],
    rows: PARTS.flatMap((part) =>
      results[part].flatMap((one) =>
        systemsOf([one]).flatMap((name, place) => {
          const measured = one.systems[name]
          if (!measured) return []
          const { rates, p50Ms, p99Ms, processorMs, answerBytes, residentBytes } = measured
          const isMeasured = rates.length > 0
          const extremes = isMeasured ? [Math.min(...rates), Math.max(...rates)] : [undefined, undefined]
          return [
            [
              place === 0 ? one.name : '',
              titleOf(name),
              rateText(measured),
              ...extremes.map(numberText),
              ...[p50Ms, p99Ms].map((ms) => msText(isMeasured ? ms : undefined)),
              processorMs > 0 ? String(Number(processorMs.toPrecision(2))) : '-',
              answerBytes?.toLocaleString('en') ?? '-',
              mibText(residentBytes),
            ],
          ]
        }),
      ),
    ),
  }
}

function unitOf({ unit = 'answers' }: MeasuredCase): string {
  return unit
}

function rateText(measured: Measured | undefined): string {
  if (!measured || measured.rates.length === 0) return '-'
  return numberText(measured.rate) + (isHeldUp(measured) ? BUSY : '')
}

function isHeldUp({ clientShare = 0 }: Measured): boolean {
  return clientShare >= BUSY_CLIENTS
}

function mostMemory(cases: readonly MeasuredCase[], name: string): number | null {
  const held = cases.flatMap(({ systems }) => systems[name]?.residentBytes ?? [])
  return held.length === 0 ? null : Math.max(...held)
}
