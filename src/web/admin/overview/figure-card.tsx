import { useState } from 'preact/hooks'
import { Table } from '../../components/table.tsx'
import { formatMoment } from '../formats.ts'
import { type Card, isEmpty, summaryOf } from './cards.ts'
import { Plot } from './plot.tsx'

/** So many of the newest rows: a table of a day is for programs. */
const MOST_ROWS = 60

/** One picture, and the same as numbers for whoever cannot see it or wants to know exactly. */
export function FigureCard({ card, times }: { card: Card; times: readonly number[] }) {
  const [isOpen, setOpen] = useState(false)
  const { id, title, about, lines, format } = card
  return (
    <section class="figure-card" data-testid={`figure-${id}`} aria-labelledby={`figure-${id}`}>
      <header>
        <h2 id={`figure-${id}`}>{title}</h2>
        <p>{about}</p>
      </header>
      {isEmpty(card) ? (
        <p class="figure-none">Nothing in this time</p>
      ) : (
        <>
          <Plot times={times} lines={lines} format={format} summary={summaryOf(card)} />
          <details class="disclosure" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
            <summary>
              As a table<span class="visually-hidden">: {title}</span>
            </summary>
            {isOpen && (
              <Table
                caption={title}
                rows={times
                  .map((time, i) => ({ time, i }))
                  .toReversed()
                  .slice(0, MOST_ROWS)}
                keyOf={({ time }) => String(time)}
                columns={[
                  {
                    key: 'time',
                    title: 'From',
                    render: ({ time }) => formatMoment(new Date(time * 1_000).toISOString()),
                  },
                  ...lines.map(({ label, values }) => ({
                    key: label,
                    title: label,
                    isNumber: true,
                    render: ({ i }: { i: number }) => {
                      const value = values[i]
                      return value === undefined || value === null ? '–' : format(value)
                    },
                  })),
                ]}
              />
            )}
          </details>
        </>
      )}
    </section>
  )
}
