import { agree, chanceOfDisagreement, type Ratio } from '../statistics.ts'
import { ratioText } from './figures.ts'
import { type Table, textTable } from './layout.ts'
import { type NamedRatio, PARTS, type Results, ratiosOf, titleOf } from './results.ts'

export interface Compared extends Omit<NamedRatio, 'ratio'> {
  a: Ratio
  b: Ratio
  /** The ranges meet. */
  agree: boolean
}

/** Ratio by ratio what two runs say; only one of them has some cases, and those are left out. */
export function compareRuns(a: Results, b: Results): Compared[] {
  const others = new Map(ratiosOf(b).map((one) => [keyOf(one), one.ratio]))
  return ratiosOf(a).flatMap(({ ratio, ...named }) => {
    const other = others.get(keyOf(named))
    return other ? [{ ...named, a: ratio, b: other, agree: agree(ratio, other) }] : []
  })
}

const keyOf = ({ part, case: name, to }: Omit<NamedRatio, 'ratio'>) => JSON.stringify([part, name, to])

/** For a terminal: each ratio of both runs, and how many agree. */
export function comparisonText(a: Results, b: Results): string {
  const compared = compareRuns(a, b)
  const table: Table = {
    head: ['ratio', a.machine.at.slice(0, 16), b.machine.at.slice(0, 16), 'moved by', ''],
    rows: compared.map((one) => [
      `${one.case} ÷ ${titleOf(one.to)}`,
      ratioText(one.a),
      ratioText(one.b),
      movedText(one),
      one.agree ? 'agree' : 'DISAGREE',
    ]),
  }
  const agreeing = compared.filter((one) => one.agree).length
  const rounds = Math.min(...PARTS.flatMap((part) => [a.rounds[part], b.rounds[part]]).filter((count) => count > 0))
  const byChance = (chanceOfDisagreement(rounds) * compared.length).toPrecision(2)
  return [
    textTable(table),
    '',
    `${agreeing} of ${compared.length} ratios agree: their ranges meet. With ${rounds} rounds, chance alone parts ${byChance} of so many.`,
  ].join('\n')
}

function movedText({ a, b }: Compared): string {
  const percent = Math.round((b.median / a.median - 1) * 100)
  return `${percent > 0 ? '+' : ''}${percent} %`
}
