import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { main, ROOT, requirePackages } from './lib/cli.mjs'
import { importSource } from './lib/import-source.mjs'

const DOCUMENT = resolve(ROOT, 'docs/scaling.md')

/** Prints what the model says: `-- --update` writes it into docs/scaling.md as well. */
await main(async () => {
  requirePackages()
  const { INPUTS, fillIn, tablesOf } = await importSource(
    'test/model/inputs.ts',
    'test/model/report.ts',
    'test/model/markdown.ts',
  )
  const tables = tablesOf(INPUTS)
  for (const { title, head, rows } of tables) console.log(`\n${title}\n${aligned([head, ...rows])}`)
  const before = readFileSync(DOCUMENT, 'utf8')
  const after = fillIn(before, tables)
  if (process.argv.includes('--update')) writeFileSync(DOCUMENT, after)
  else if (after !== before) console.log('\ndocs/scaling.md says something else: `npm run scaling -- --update`.')
})

/** Columns of equal width; what is not the first or a number stays to the left. */
function aligned(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)))
  const isNumber = (cell) => /^[$\d,. %-]+$/.test(cell)
  return rows
    .map((row) =>
      row
        .map((cell, i) => (isNumber(cell) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
