import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ROOT } from './cli.mjs'

/**
 * Runs a program of an installed package with the Node that runs us, on every system alike.
 * @param {string} packageName e.g. `typescript`
 * @param {string[]} args its arguments
 * @param {{ bin?: string, env?: Record<string, string>, inherit?: boolean }} options `bin` when the package has several
 * @returns {Promise<{ code: number, output: string, stdout: string }>} `output` is all that it said, in order; both are
 * empty when it is inherited
 */
export function runTool(packageName, args, { bin = packageName.split('/').at(-1), ...options } = {}) {
  const folder = resolve(ROOT, 'node_modules', packageName)
  const { bin: programs } = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'))
  return runFile(resolve(folder, typeof programs === 'string' ? programs : programs[bin]), args, options)
}

/** The same for a script, by its path from the root. */
export function runFile(file, args, { env = {}, inherit = false } = {}) {
  const child = spawn(process.execPath, [resolve(ROOT, file), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let stdout = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text
      if (stream === child.stdout) stdout += text
    })
  }
  return new Promise((settle, reject) => {
    child.once('error', reject)
    child.once('close', (code) => settle({ code: code ?? 1, output, stdout }))
  })
}
