import type { RoomActor } from '../commands.ts'

/** The author of what services write. Migrations make the account, which nobody can sign in to. */
export const SYSTEM_USER: RoomActor = {
  userId: '01930000-0000-7000-8000-000000000100',
  username: 'selvage',
  avatar: null,
  mayDeleteAny: false,
  isService: true,
}
