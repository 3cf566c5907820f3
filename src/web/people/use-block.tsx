import { toast } from '../components/toast.tsx'
import { useAction } from '../components/use-action.ts'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { titleOf } from './person-names.ts'
import type { KnownPerson } from './shown-person.ts'

/** Blocking is done at once, and can be taken back from the message that says so. */
export function useBlock(person: KnownPerson) {
  const { blocks } = useWorkspace()
  const isBlocked = useStore(blocks.state).ids.has(person.id)
  const unblock = useAction(async () => {
    await blocks.unblock(person.id)
    toast({ text: `${titleOf(person)} can write to you again`, tone: 'good' })
  })
  const block = useAction(async () => {
    const { id, username, firstName = '', lastName = '', avatar = null } = person
    await blocks.block({ id, username, firstName, lastName, avatar })
    toast({
      text: `${titleOf(person)} is blocked: neither of you can write to the other`,
      action: { label: 'Undo', onPress: () => void unblock.run() },
    })
  })
  return { isBlocked, block: block.run, unblock: unblock.run, isBusy: block.isBusy || unblock.isBusy }
}
