import { useAction } from '../../components/use-action.ts'
import { navigate, roomHref } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'

/** Joins a room, by an invitation's code where one is given, and goes there. Joining again changes nothing. */
export function useJoin(onProblem?: (words: string, problem: unknown) => void) {
  const { client, rooms } = useWorkspace()
  return useAction(
    async (roomId: string, code?: string) => {
      await client.rooms.join(roomId, code)
      rooms.add(await client.rooms.get(roomId))
      navigate(roomHref(roomId))
      return true
    },
    onProblem ? { onProblem } : {},
  )
}
