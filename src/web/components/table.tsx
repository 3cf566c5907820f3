import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

export interface Column<Row> {
  key: string
  /** Empty over the buttons of a row: then it is there for those who do not see what is below it. */
  title: string
  /** Digits stand under each other, at the end of their column. */
  isNumber?: boolean
  /** A word or two, which stay on one line. */
  isShort?: boolean
  /** As in CSS, of a table that is wide enough for columns. */
  width?: string
  render: (row: Row) => ComponentChildren
}

interface TableProps<Row> {
  /** What the table holds: read first by a screen reader. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** Stands where there is no row. */
  empty?: ComponentChildren
  isLoading?: boolean
  hasMore?: boolean
  onMore?: () => void
  isLoadingMore?: boolean
  testId?: string
}

const SHAPE_ROWS = 5

/** Said because a table that is drawn as blocks loses its meaning in some browsers. */
const ROLES = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const
const UNREAD = { 'aria-hidden': true } as const

/** Rows under columns; where it is narrow each row is a card of its own, with the titles before the values. */
export function Table<Row>(props: TableProps<Row>) {
  const { caption, columns, rows, keyOf, isLoading = false, testId } = props
  if (!isLoading && rows.length === 0) return <>{props.empty ?? <Notice title="Nothing here" />}</>
  return (
    <div class="table-frame">
      <table class="table" {...ROLES.table} aria-busy={isLoading} data-testid={testId}>
        <caption class="visually-hidden">{isLoading ? `${caption}, loading` : caption}</caption>
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={width ? { width } : undefined} />
          ))}
        </colgroup>
        <thead {...ROLES.rowgroup}>
          <tr {...ROLES.row}>
            {columns.map(({ key, title, isNumber }) => (
              <th key={key} {...ROLES.columnheader} scope="col" data-number={isNumber}>
                {title || <span class="visually-hidden">Actions</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...ROLES.rowgroup}>
          {rows.map((row) => (
            <tr key={keyOf(row)} {...ROLES.row} data-key={keyOf(row)}>
              {columns.map(({ key, title, isNumber, isShort, render }) => (
                <td key={key} {...ROLES.cell} data-title={title} data-number={isNumber} data-short={isShort}>
                  <div class="table-value">{render(row)}</div>
                </td>
              ))}
            </tr>
          ))}
          {isLoading && rows.length === 0 && <ShapeRows columns={columns} />}
        </tbody>
      </table>
      {props.hasMore && (
        <div class="table-more">
          <Button onPress={() => props.onMore?.()} isBusy={props.isLoadingMore ?? false}>
            Show more
          </Button>
        </div>
      )}
    </div>
  )
}

/** Rows in the shape of what is being loaded. */
function ShapeRows<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return (
    <>
      {Array.from({ length: SHAPE_ROWS }, (_, row) => (
        <tr key={row} {...ROLES.row} {...UNREAD}>
          {columns.map(({ key }) => (
            <td key={key} {...ROLES.cell}>
              <span class="skeleton" />
            </td>
          ))}
        </tr>
      ))}
    </>
  )
}
