import { requireUser, type ServiceContext } from '../../context.ts'
import { searchPeople } from './queries.ts'
import type { Person } from './schemas.ts'

const MAX_PEOPLE = 20

/**
 * People whose username, whole name or last name begins with the text. Oneself is not among them, nor is who has
 * blocked the caller.
 */
export async function findPeople(ctx: ServiceContext, text: string): Promise<Person[]> {
  const { userId } = requireUser(ctx)
  const found = await searchPeople(ctx.core.db, userId, text, MAX_PEOPLE + 1)
  return found.filter((person) => person.id !== userId).slice(0, MAX_PEOPLE)
}
