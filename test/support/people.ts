import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Role } from '../../src/features/identity/domain/access.ts'
import { notedExpiry } from '../../src/features/identity/domain/session-policy.ts'
import { sessions, users } from '../../src/features/identity/tables.ts'
import type { Isolate } from '../../src/isolate.ts'
import { newId } from '../../src/platform/ids.ts'
import type { PasswordCost } from '../../src/platform/security/password.ts'
import { searchKey } from '../../src/platform/text.ts'

export interface TestPerson {
  id: string
  email: string
  username: string
  sessionId: string
  accessToken: string
  refreshToken: string
}

export const FIXTURE_PASSWORD = 'Correct-Horse-1'
/** Passwords take long by design, which would be most of the time of tests that are not about it. */
export const QUICK_PASSWORDS: PasswordCost = { log2N: 1, r: 1, p: 1 }
/** scrypt of `Correct-Horse-1` at that cost. */
const FIXTURE_HASH = '$scrypt$ln=1,r=1,p=1$JR+R2p9VM5GEjvGgqmJK4g$q1sVR1aZginy0UkPyHsuXIrfrYS7HbTmhNkNtjnUChE'

let counter = 0

/** A person with a session, whose address is verified, without the cost of a password hash. Names are unique in a run. */
export async function makePerson(
  isolate: Isolate,
  given: {
    role?: Role
    firstName?: string
    lastName?: string
    username?: string
    isActive?: boolean
    isEmailVerified?: boolean
    passwordHash?: string
  } = {},
): Promise<TestPerson> {
  counter += 1
  // Of the same length, so that names stand in one order however many people other files have made before.
  const number = String(counter).padStart(5, '0')
  const now = isolate.clock()
  const id = newId()
  const firstName = given.firstName ?? 'Person'
  const lastName = given.lastName ?? `Number ${number}`
  const username = given.username ?? `person_${number}_${id.slice(-6)}`
  const email = `${username}@people.test`
  const db = drizzle(env.DB)
  await db.batch([
    db.insert(users).values({
      id,
      email,
      username,
      passwordHash: given.passwordHash ?? FIXTURE_HASH,
      firstName,
      lastName,
      nameKey: searchKey(`${firstName} ${lastName}`),
      lastNameKey: searchKey(lastName),
      isActive: given.isActive ?? true,
      isEmailVerified: given.isEmailVerified ?? true,
      createdAt: now,
      updatedAt: now,
    }),
  ])
  await db.run(
    sql`insert into user_roles (user_id, role_id) select ${id}, id from roles where name = ${given.role ?? 'user'}`,
  )
  return { id, email, username, ...(await makeSession(isolate, id)) }
}

export function crowdName(id: string): string {
  return `crowd_${id.replaceAll('-', '').slice(12)}`
}

/** People who never sign in, in one statement. Answers their ids. */
export async function makeCrowd(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId())
  await env.DB.prepare(
    `insert into users (id, email, username, password_hash, first_name, last_name, name_key, last_name_key,
       created_at, updated_at)
     select value, value || '@people.test', 'crowd_' || substr(replace(value, '-', ''), 13), 'x', 'Person', 'Crowd', 'person crowd',
       'crowd', ?1, ?1
     from json_each(?2)`,
  )
    .bind(Date.now(), JSON.stringify(ids))
    .run()
  return ids
}

/** One more signed-in device of a person. */
export async function makeSession(
  isolate: Isolate,
  userId: string,
): Promise<Pick<TestPerson, 'sessionId' | 'accessToken' | 'refreshToken'>> {
  const now = isolate.clock()
  const sessionId = newId()
  const { token, hash } = await isolate.refreshTokens.derive({ sessionId, generation: 1 })
  await drizzle(env.DB)
    .insert(sessions)
    .values({
      id: sessionId,
      userId,
      generation: 1,
      refreshHash: hash,
      createdAt: now,
      rotatedAt: now,
      expiresAt: notedExpiry(now, now),
    })
  return { sessionId, refreshToken: token, accessToken: await isolate.accessTokens.sign(userId, sessionId) }
}
