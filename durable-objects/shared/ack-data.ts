import type { Results, Work } from '../../src/features/chat/commands.ts'

/** What an acknowledgement carries beside its success. */
export function ackData(event: Work['event'], result: unknown): object {
  switch (event) {
    case 'message:send':
      return { message: (result as Results['message:send']).message }
    case 'message:edit':
    case 'message:pin':
    case 'message:unpin':
    case 'reaction:add':
    case 'reaction:remove':
      return { message: result }
    case 'message:read':
      return { position: (result as Results['message:read']).position }
    default:
      return {}
  }
}
