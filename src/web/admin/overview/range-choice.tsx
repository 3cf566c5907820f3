import { Choice } from '../../components/choice.tsx'

const RANGES = [
  { id: '15m', label: '15 min', title: 'In the last 15 minutes', minutes: 15 },
  { id: '1h', label: '1 h', title: 'In the last hour', minutes: 60 },
  { id: '6h', label: '6 h', title: 'In the last six hours', minutes: 360 },
  { id: '1d', label: '1 d', title: 'In the last day', minutes: 1_440 },
  { id: '7d', label: '7 d', title: 'In the last seven days', minutes: 10_080 },
] as const

export type Range = (typeof RANGES)[number]

export function rangeOf(id: string | undefined): Range {
  return RANGES.find((range) => range.id === id) ?? RANGES[1]
}

export function RangeChoice({ range, onPick }: { range: Range; onPick: (id: string) => void }) {
  return (
    <Choice
      label="How far back"
      isLabelHidden
      options={RANGES.map(({ id, ...option }) => ({ ...option, value: id }))}
      value={range.id}
      onChange={onPick}
      testId="range"
    />
  )
}
