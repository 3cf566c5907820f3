import type { Permission } from '../features/identity/domain/access.ts'
import { currentCall } from '../platform/call.ts'
import type { Meter } from '../platform/observability/meter.ts'
import { answerOf } from './answer-of.ts'
import { exportedService } from './exported.ts'
import type { UsersService } from './users.ts'

/** What those who do not read identity's tables ask of users; each is one call, which counts as a hop. @throws Refusal */
export interface UsersClient {
  /** Whether this person may all of it now, as the primary has it. False for who was deactivated or is not there. */
  hasAllPermissions(userId: string, permissions: readonly Permission[]): Promise<boolean>
}

export function createUsersClient(meter: Meter): UsersClient {
  return {
    hasAllPermissions: async (userId, permissions) =>
      answerOf(meter, (await service()).hasAllPermissions(currentCall(), { userId, permissions: [...permissions] })),
  }
}

type Service = Pick<UsersService, 'hasAllPermissions'>

const service = () => exportedService<Service>('UsersService')
