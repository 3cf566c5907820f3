import { parseArgs } from 'node:util'
import { Refusal } from '../../../scripts/lib/cli.mjs'
import { PARTS, type Part } from './results.ts'

export interface BenchOptions {
  quick: boolean
  /** Only cases whose names hold this. */
  only: string | undefined
  parts: readonly Part[]
  extras: readonly Extra[]
  publish: boolean
  /** Nothing is measured: what these files hold is compared, or, if there is one, published. */
  files: readonly string[]
  /** What anybody would type to have the same. */
  command: string
}

/** What is measured of ours alone. */
const EXTRAS = ['layers', 'startup'] as const
type Extra = (typeof EXTRAS)[number]

const USAGE = `npm run bench                                everything, in about half an hour
npm run bench -- --quick                     fewer rounds, sizes and seconds
npm run bench -- --part NAME                 one part: http, chat, layers or startup
npm run bench -- --only WORDS                only cases whose names hold these words
npm run bench -- --publish [RESULTS]         measures and writes it into the documents; or writes what a file holds
npm run bench -- --compare RESULTS RESULTS   says where two runs agree
npm run bench -- --profile PATH [--signed-in] says where the time of one route goes`

/** @throws Refusal that says how it is used */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parse(args)
  const wanted = PARTS.filter((part) => values.part === undefined || part === values.part)
  const isWhole = values.part === undefined && !values.quick && values.only === undefined
  const extras = EXTRAS.filter((part) => isWhole || part === values.part)
  const files = values.compare ? 2 : positionals.length
  if (
    wanted.length + extras.length === 0 ||
    positionals.length !== files ||
    (files > 0 && !values.compare && !values.publish) ||
    (values.publish && files > 1)
  ) {
    throw new Refusal('These options do not go together.', USAGE)
  }
  return {
    quick: values.quick,
    only: values.only,
    parts: wanted,
    extras,
    publish: values.publish,
    files: positionals,
    command: ['npm run bench', ...(args.length > 0 ? ['--'] : []), ...args.map(quoted)].join(' '),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        part: { type: 'string' },
        publish: { type: 'boolean', default: false },
        compare: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error), USAGE)
  }
}

const quoted = (arg: string) => (/^[\w./=-]+$/.test(arg) ? arg : `'${arg}'`)
