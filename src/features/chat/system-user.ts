import { SYSTEM_USER_ID } from '../../context.ts'
import type { RoomActor } from './commands.ts'

/** The author of what services write. Migrations make the account, which nobody can sign in to. */
export const SYSTEM_USER: RoomActor = {
  userId: SYSTEM_USER_ID,
  username: 'selvage',
  avatar: null,
  mayDeleteAny: false,
  isService: true,
}
