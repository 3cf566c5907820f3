import type { Table } from './table.ts'

/** A table as docs/scaling.md has it, under a heading of bold words. */
function toMarkdown({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [`**${title}**`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/**
 * The document with each table written anew between its marks.
 * @throws Error where a table has no place, or a place no table
 */
export function fillIn(document: string, tables: readonly Table[]): string {
  const places = [...document.matchAll(/<!-- table: ([\w-]+) -->/g)].map(([, name = '']) => name)
  const missing = tables.filter(({ name }) => !places.includes(name)).map(({ name }) => name)
  const unknown = places.filter((place) => !tables.some(({ name }) => name === place))
  if (missing.length + unknown.length > 0) {
    throw new Error(
      `Without a place: ${missing.join(', ') || 'none'}. Without a table: ${unknown.join(', ') || 'none'}.`,
    )
  }
  return tables.reduce((text, table) => {
    const place = new RegExp(`<!-- table: ${table.name} -->[\\s\\S]*?<!-- end of table -->`)
    return text.replace(place, () => `<!-- table: ${table.name} -->\n${toMarkdown(table)}\n<!-- end of table -->`)
  }, document)
}
