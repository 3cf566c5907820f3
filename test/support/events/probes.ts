import * as z from 'zod'
import { defineEvent } from '../../../src/platform/events.ts'
import type { Lane } from '../../../src/platform/queues/lanes.ts'

const Probed = z.strictObject({ isPoison: z.boolean() })
const probe = (name: string) => defineEvent(`probe.${name}`, 'probe', Probed)

/** One type of event for each lane, and one that all lanes hear. */
export const PROBES = { critical: probe('critical'), normal: probe('normal'), bulk: probe('bulk'), all: probe('all') }
export type ProbeKind = keyof typeof PROBES

/** An event as the test plans it, before it is committed. */
export interface PlannedEvent {
  id: string
  kind: ProbeKind
  isPoison: boolean
}

/** Which lanes hear it: one effect each. */
export function lanesOf(kind: ProbeKind): Lane[] {
  return kind === 'all' ? ['critical', 'normal', 'bulk'] : [kind]
}

export function subscriberName(kind: ProbeKind, lane: Lane): string {
  return kind === 'all' ? `probe.hear-all-on-${lane}` : `probe.hear-${lane}`
}

/** The moments at which a process can be killed on purpose. */
export const CRASH_POINTS = [
  /** The rows are in the outbox, and no queue has them. */
  'before-send',
  /** A queue has them, and the outbox does not know it. */
  'after-send',
  /** The handler is at it. */
  'before-effect',
  /** The effect and its mark are stored, and the queue does not know it. */
  'before-acknowledgement',
  /** The dead letter is stored, and the queue does not know it. */
  'after-burial',
] as const
export type CrashPoint = (typeof CRASH_POINTS)[number]

/** One delivery in ten fails, before its effect or after. The third attempt of a good event always works. */
const FAILING_ATTEMPTS = 2

/**
 * How a delivery ends, by nothing but the event and the attempt, so that it is the same in every process.
 * `fails-late`: the effect is stored and the handler fails all the same.
 */
export function fateOf(eventId: string, attempt: number): 'works' | 'fails' | 'fails-late' {
  if (attempt > FAILING_ATTEMPTS) return 'works'
  const drawn = hash(`${eventId} ${attempt}`) % 20
  if (drawn === 0) return 'fails'
  return drawn === 1 ? 'fails-late' : 'works'
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return value
}
