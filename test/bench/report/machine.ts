import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../../scripts/lib/cli.mjs'

const GIB = 2 ** 30

/** What the figures were measured on, and what was measured. */
export interface Machine {
  at: string
  processor: string
  processors: number
  memoryGib: number
  system: string
  node: string
  workerd: string
  /** Of the minute before: a machine that does something else as well measures that too. */
  load: number
}

export function describeMachine(): Machine {
  const all = cpus()
  return {
    at: new Date().toISOString(),
    processor: all[0]?.model.trim() ?? 'unknown',
    processors: all.length,
    memoryGib: Math.round(totalmem() / GIB),
    system: `${process.platform} ${release()}`,
    node: process.versions.node,
    workerd: versionOf('workerd'),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  }
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version
}
