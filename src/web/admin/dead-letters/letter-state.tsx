import type { DeadLetter } from '../../../client/index.ts'
import { State } from '../facts.tsx'

const STATES = {
  waiting: ['wait', 'Waiting'],
  redriven: ['good', 'Tried again'],
  discarded: ['plain', 'Given up'],
} as const

export function LetterState({ status }: Pick<DeadLetter, 'status'>) {
  const [tone, text] = STATES[status]
  return <State tone={tone}>{text}</State>
}
