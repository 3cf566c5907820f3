import type { Ratio } from '../statistics.ts'
import { numberText } from './figures.ts'
import { PLOT_STYLE, SHAPES } from './plot-style.ts'
import { type MeasuredCase, OURS, type Part, ratioTo, systemsOf, titleOf } from './results.ts'
import { goalFor } from './targets.ts'

/** Of a letter, at most: names are as wide as they are, also where a font is wider than here. */
const LETTER = 7
const PLOT = 480
const MARGIN = 20
const FIGURES = 100
const TOP = 96
const ROW = 18
const GAP = 14
const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

interface Mark {
  to: string
  ratio: Ratio
  goal: number | undefined
}

interface Group {
  name: string
  marks: readonly Mark[]
}

interface Scale {
  /** Where the axis begins. */
  left: number
  /** The place of a ratio. */
  xOf: (ratio: number) => number
}

/**
 * How many times as fast as each other system: a mark for the median, a whisker for the range, on an axis on which twice
 * as fast is as far from 1 as half as fast. Drawn for a page of either scheme, and told in words to whoever sees none.
 */
export function drawRatios(part: Part, title: string, cases: readonly MeasuredCase[]): string {
  const groups = groupsOf(part, cases)
  const systems = systemsOf(cases).filter((name) => name !== OURS)
  const left = 2 * MARGIN + LETTER * Math.max(...groups.map(({ name }) => name.length))
  const width = left + PLOT + FIGURES
  const scale = {
    left,
    xOf: scaleOf(
      left,
      groups.flatMap(({ marks }) => marks),
    ),
  }
  const bottom = TOP + groups.reduce((sum, group) => sum + group.marks.length * ROW + GAP, 0)
  const height = bottom + 40
  let y = TOP
  const drawn = groups.map((group) => {
    const top = y
    y += group.marks.length * ROW + GAP
    return drawGroup(group, top, systems, scale)
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(groups.map(inWords).join(' '))}</desc>`,
    `<style>${PLOT_STYLE}</style>`,
    `<rect class="surface" width="${width}" height="${height}" rx="8"/>`,
    `<text class="title" x="${MARGIN}" y="32">${escaped(title)}</text>`,
    ...drawLegend(systems),
    ...drawAxis(scale, bottom),
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

function groupsOf(part: Part, cases: readonly MeasuredCase[]): Group[] {
  return cases.flatMap((one) => {
    const marks = systemsOf([one]).flatMap((to) => {
      const ratio = to === OURS ? undefined : ratioTo(one, to)
      return ratio ? [{ to, ratio, goal: goalFor(part, one, to) }] : []
    })
    return marks.length > 0 ? [{ name: one.name, marks }] : []
  })
}

/** From a ratio to its place, by its logarithm; 1 is always there. */
function scaleOf(left: number, marks: readonly Mark[]): (ratio: number) => number {
  const all = marks.flatMap(({ ratio, goal = 1 }) => [ratio.low, ratio.high, goal])
  const low = Math.log(Math.min(0.5, ...all) / 1.15)
  const high = Math.log(Math.max(2, ...all) * 1.15)
  return (ratio) => left + ((Math.log(ratio) - low) / (high - low)) * PLOT
}

function drawLegend(systems: readonly string[]): string[] {
  let x = MARGIN
  const entries = systems.map((name, place) => {
    const text = `to ${titleOf(name)}`
    const drawn = `${drawShape(place, x + 6, 56)}<text x="${x + 18}" y="60">${escaped(text)}</text>`
    x += 34 + text.length * 7
    return drawn
  })
  return [...entries, `<path class="goal" d="M${x + 6} 49v14"/><text x="${x + 14}" y="60">goal</text>`]
}

function drawAxis({ left, xOf }: Scale, bottom: number): string[] {
  const ticks = TICKS.filter((tick) => xOf(tick) >= left && xOf(tick) <= left + PLOT)
  const one = round(xOf(1))
  return [
    ...ticks.map((tick) => {
      const x = round(xOf(tick))
      const line = `<path class="${tick === 1 ? 'one' : 'grid'}" d="M${x} ${TOP - 6}V${bottom - 4}"/>`
      return `${line}<text class="muted middle" x="${x}" y="${bottom + 12}">${tick}×</text>`
    }),
    `<text class="muted end" x="${one - 8}" y="${TOP - 10}">slower</text>`,
    `<text class="muted" x="${one + 8}" y="${TOP - 10}">Selvage is faster</text>`,
  ]
}

function drawGroup({ name, marks }: Group, top: number, systems: readonly string[], { left, xOf }: Scale): string {
  const rows = marks.map(({ to, ratio, goal }, row) => {
    const place = systems.indexOf(to)
    const y = top + row * ROW + ROW / 2
    const [low, high] = [round(xOf(ratio.low)), round(xOf(ratio.high))]
    return [
      `<path class="whisker s${place}" d="M${low} ${y}H${high}M${low} ${y - 4}v8M${high} ${y - 4}v8"/>`,
      goal === undefined ? '' : `<path class="goal" d="M${round(xOf(goal))} ${y - 7}v14"/>`,
      drawShape(place, round(xOf(ratio.median)), y),
      `<text class="figure" x="${left + PLOT + 12}" y="${y + 4}">${numberText(ratio.median)}×</text>`,
    ].join('')
  })
  const middle = top + (marks.length * ROW) / 2
  return `<g><text class="end" x="${left - 16}" y="${middle + 4}">${escaped(name)}</text>${rows.join('')}</g>`
}

/** A shape of its own for each system, so that nobody needs to tell colours apart. */
function drawShape(place: number, x: number, y: number): string {
  return `<path class="mark s${place}" transform="translate(${x} ${y})" d="${SHAPES[place % SHAPES.length]}"/>`
}

function inWords({ name, marks }: Group): string {
  const ratios = marks.map(
    ({ to, ratio: { median, low, high } }) =>
      `${numberText(median)} times ${titleOf(to)} (${numberText(low)} to ${numberText(high)})`,
  )
  return `${name}: ${ratios.join(', ')}.`
}

const round = (value: number) => Math.round(value * 10) / 10

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
