import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Refusal } from '../../../scripts/lib/cli.mjs'
import { compareRuns } from './compare.ts'
import { documentText, PUBLISHED, plotsOf, readmeText, withPublished } from './document.ts'
import { PARTS, type Results } from './results.ts'

/** @throws Refusal where the file is not there, or none of ours */
export function readResults(path: string): Results {
  try {
    const results: Results = JSON.parse(readFileSync(path, 'utf8'))
    if (PARTS.every((part) => Array.isArray(results[part])) && results.machine && results.rounds) return results
  } catch {
    // Told below.
  }
  throw new Refusal(`${path} holds no results of the benchmark.`, '`npm run bench` writes them.')
}

/** Keeps a run's results, and those of the run before it; says with how many of its ratios these agree. */
export function keepResults(folder: string, fresh: Results): { results: Results; before: Results | undefined } {
  const [latest, last] = [join(folder, 'results.json'), join(folder, 'results-before.json')]
  mkdirSync(folder, { recursive: true })
  const before = lastResults(latest)
  if (before) writeFileSync(last, textOf(before))
  else rmSync(last, { force: true })
  const compared = before ? compareRuns(before, fresh) : []
  const results: Results =
    before && compared.length > 0
      ? {
          ...fresh,
          before: {
            at: before.machine.at,
            ratios: compared.length,
            agree: compared.filter(({ agree }) => agree).length,
          },
        }
      : fresh
  writeFileSync(latest, textOf(results))
  return { results, before }
}

/** None where none can be read: nobody loses what has just been measured for that. */
function lastResults(path: string): Results | undefined {
  try {
    return readResults(path)
  } catch {
    return undefined
  }
}

/**
 * Writes a run into the documents below a folder: its results, its plots, and what stands between the markers.
 * @throws Refusal for a run of less than everything
 */
export function publish(root: string, results: Results): string[] {
  if (!isWhole(results)) {
    throw new Refusal(
      `Only whole runs are published, and this one was \`${results.command}\`.`,
      'Run `npm run bench -- --publish` without `--quick`, `--part` and `--only`.',
    )
  }
  const texts: [string, string][] = [
    [PUBLISHED.results, textOf(results)],
    ...plotsOf(results),
    [PUBLISHED.readme, withPublished(readFileSync(join(root, PUBLISHED.readme), 'utf8'), readmeText(results))],
    [PUBLISHED.document, withPublished(readFileSync(join(root, PUBLISHED.document), 'utf8'), documentText(results))],
  ]
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return texts.map(([path]) => path)
}

function isWhole({ command, ...results }: Results): boolean {
  return !/--(quick|part|only)\b/.test(command) && PARTS.every((part) => results[part].length > 0)
}

function textOf(results: Results): string {
  return `${JSON.stringify(results, null, 1)}\n`
}
