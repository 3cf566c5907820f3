import { useAction } from '../components/use-action.ts'
import { navigate, roomHref } from '../route.ts'
import { useWorkspace } from '../workspace.ts'

/** Opens the conversation with a person, and makes it where there is none. */
export function useOpenPrivate() {
  const { client, rooms } = useWorkspace()
  return useAction(async (userId: string) => {
    const known = rooms.state.value.rooms.find(({ peer }) => peer?.id === userId)
    const room = known ?? (await client.rooms.openPrivate(userId))
    if (!known) rooms.add(room)
    navigate(roomHref(room.id))
  })
}
