/** Rows of cells below a head: the first column names, the others are figures. */
export interface Table {
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

/** For a terminal: names to the left, figures to the right. */
export function textTable({ head, rows }: Table): string {
  const lines = aligned([head, ...rows], widthsOf([head, ...rows]))
  return lines.map((row) => row.join('  ').trimEnd()).join('\n')
}

/** For a document; as easy to read where it is not drawn. */
export function markdownTable({ head, rows }: Table): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = widthsOf(cells).map((width) => Math.max(width, 3))
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [first = [], ...others] = aligned(cells, widths)
  return [first, rule, ...others].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
}

function aligned(rows: readonly (readonly string[])[], widths: readonly number[]): string[][] {
  return rows.map((row) =>
    widths.map((width, i) => (i === 0 ? (row[i] ?? '').padEnd(width) : (row[i] ?? '').padStart(width))),
  )
}
