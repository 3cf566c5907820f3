import type { CpuProfile, ProfileNode } from '../inspector.ts'
import { type Table, textTable } from './layout.ts'

const SHOWN = 40

/**
 * Where the time of so many answers went: by function, in itself and with all that it has called. Time in which another
 * process had the processor counts as well, so shares say more than microseconds.
 */
export function profileText(profile: CpuProfile, answers: number): string {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const [self, whole] = [new Map<string, number>(), new Map<string, number>()]
  let all = 0
  for (const [i, sample] of profile.samples.entries()) {
    const time = profile.timeDeltas[i] ?? 0
    all += time
    const stack = new Set<string>()
    for (let at: number | undefined = sample; at !== undefined; at = parents.get(at)) stack.add(nameOf(nodes.get(at)))
    const [top = ''] = stack
    self.set(top, (self.get(top) ?? 0) + time)
    for (const name of stack) whole.set(name, (whole.get(name) ?? 0) + time)
  }
  const table = (title: string, times: Map<string, number>): Table => ({
    head: [title, 'share', 'µs an answer'],
    rows: [...times]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, SHOWN)
      .map(([name, time]) => [name, `${((time / all) * 100).toFixed(1)} %`, (time / answers).toFixed(1)]),
  })
  return [textTable(table('in itself', self)), textTable(table('with what it calls', whole))].join('\n\n')
}

function nameOf(node: ProfileNode | undefined): string {
  if (!node) return '(unknown)'
  const { functionName, url, lineNumber } = node.callFrame
  const file = url.split('/').at(-1) ?? ''
  return `${functionName || '(anonymous)'}${file === '' ? '' : ` ${file}:${lineNumber + 1}`}`
}
