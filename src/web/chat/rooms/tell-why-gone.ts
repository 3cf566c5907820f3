import type { Room } from '../../../client/index.ts'
import { toast } from '../../components/toast.tsx'
import { roomTitle } from '../../names.ts'

/** A room that goes by somebody else's hand does not go without a word. */
export function tellWhyGone(room: Room, reason: string): void {
  if (reason === 'removed') toast({ text: `You were removed from ${roomTitle(room)}` })
  else if (reason === 'banned') toast({ text: `You were banned from ${roomTitle(room)}` })
}
