import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { formatShort } from '../formats.ts'
import { readTokens, usePlotTheme } from './plot-theme.ts'

export interface Line {
  label: string
  values: readonly (number | null)[]
  /** A token of the style sheet. */
  color: `--${string}`
}

interface PlotProps {
  /** Seconds since the epoch. */
  times: readonly number[]
  lines: readonly Line[]
  /** What a value is called in full: `12 ms`. */
  format: (value: number) => string
  /** Says in words what the picture shows. */
  summary: string
}

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })

const HEIGHT = 180
/** Told apart without colours too: drawn through, dashed, dotted. */
const DASHES = [[], [6, 4], [2, 3]]

/** Lines over time. The picture is one image to a reader; below it names and values, which can be pressed away. */
export function Plot({ times, lines, format, summary }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const theme = usePlotTheme()
  const [hidden, setHidden] = useState<readonly string[]>([])
  const [at, setAt] = useState<number | null>(null)
  const names = lines.map(({ label }) => label).join()

  useEffect(() => {
    const element = frame.current
    if (!element) return
    const made = new uPlot(optionsOf(element.clientWidth, lines, setAt), dataOf(times, lines), element)
    plot.current = made
    for (const [i, { label }] of lines.entries()) made.setSeries(i + 1, { show: !hidden.includes(label) })
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [theme, names])

  useEffect(() => plot.current?.setData(dataOf(times, lines)), [times, lines])

  const toggle = (label: string, i: number) => {
    const isHidden = hidden.includes(label)
    setHidden(isHidden ? hidden.filter((one) => one !== label) : [...hidden, label])
    plot.current?.setSeries(i + 1, { show: isHidden })
  }
  return (
    <>
      <div class="plot" role="img" aria-label={summary} ref={frame} />
      <ul class="legend">
        {lines.map(({ label, values, color }, i) => (
          <li key={label}>
            <button
              type="button"
              class="legend-item"
              aria-pressed={!hidden.includes(label)}
              onClick={() => toggle(label, i)}
            >
              <Swatch color={color} dash={i} />
              {label}
              <span class="legend-value" aria-hidden="true">
                {valueAt(values, at, format)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

/** The line as it is drawn, so that it is known by its shape. */
function Swatch({ color, dash }: { color: string; dash: number }) {
  return (
    <svg class="legend-swatch" viewBox="0 0 20 4" aria-hidden="true">
      <line
        x1="0"
        x2="20"
        y1="2"
        y2="2"
        stroke={`var(${color})`}
        stroke-width="3"
        stroke-dasharray={DASHES[dash]?.join(' ')}
      />
    </svg>
  )
}

/** Under the pointer, else the newest that is known. */
function valueAt(values: readonly (number | null)[], at: number | null, format: (value: number) => string): string {
  const value = at === null ? values.findLast((one) => one !== null) : values[at]
  return value === undefined || value === null ? '–' : format(value)
}

function dataOf(times: readonly number[], lines: readonly Line[]): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])]
}

function optionsOf(width: number, lines: readonly Line[], onPoint: (at: number | null) => void): uPlot.Options {
  const token = readTokens()
  const axis = {
    stroke: token('--ink-soft'),
    font: `12px ${token('--font')}`,
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, (max ?? 0) * 1.1)] } },
    axes: [
      { ...axis, space: 72, size: 28, values: (_plot, ticks) => ticks.map((seconds) => clock.format(seconds * 1_000)) },
      { ...axis, size: 48, space: 36, values: (_plot, ticks) => ticks.map(formatShort) },
    ],
    series: [
      {},
      ...lines.map(({ color }, i) => ({
        stroke: token(color),
        width: 2,
        dash: DASHES[i] ?? [],
        points: { show: false },
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  }
}
