import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MINIMUM_NODE = [22, 12]

/** The folder of package.json, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Something that a person can put right: printed as it stands, without a stack. */
export class Refusal extends Error {
  /**
   * @param {string} what happened
   * @param {string} advice what to do about it
   */
  constructor(what, advice) {
    super(`${what}\n${advice}`)
    this.name = 'Refusal'
  }
}

/** Runs a script's body. It may return its exit code; a refusal ends with 1. */
export async function main(body) {
  try {
    requireNode()
    process.exitCode = (await body()) ?? 0
  } catch (error) {
    console.error(error instanceof Refusal ? `\n${error.message}\n` : error)
    process.exitCode = 1
  }
}

/** True for the file that Node was asked to run, false for one that another file imports. */
export function isEntryPoint(moduleUrl) {
  return process.argv[1] !== undefined && fileURLToPath(moduleUrl) === process.argv[1]
}

export function requirePackages() {
  if (existsSync(`${ROOT}/node_modules/wrangler/package.json`)) return
  throw new Refusal('The packages of this project are not installed.', 'Run `npm ci`, then the same command again.')
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return
  throw new Refusal(
    `Node ${MINIMUM_NODE.join('.')} or newer is needed, and this is ${process.versions.node} (${process.execPath}).`,
    '`npm ci` installs one beside the project on the usual platforms, and `npm start` and the other npm scripts then use it.\nElsewhere, install Node 22 from your system or from nodejs.org.',
  )
}

/** `0.4 s`, for the ends of lines. */
export function seconds(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`
}
