import { randomBytes, randomUUID, scryptSync } from 'node:crypto'
import { DAY_MS, systemClock } from '../../src/platform/clock.ts'
import { AccessTokens } from '../../src/platform/security/access-token.ts'
import { productRows } from '../support/product-rows.ts'
import { type Runtime, TOKEN_NAMES } from './systems/workers.ts'

export const PASSWORD = 'Woven-edge-7'
export const CATEGORY = 'cloth'
/** As many rows as one statement may write before the platform's limit of time comes near. */
export const STEP = 9_000
const CATEGORY_ID = '00000000-0000-7000-8000-00000000000c'
export const CATEGORIES = [
  [CATEGORY_ID, CATEGORY],
  ['00000000-0000-7000-8000-00000000000d', 'other'],
  ['00000000-0000-7000-8000-00000000000e', 'more'],
] as const

export interface BenchPerson {
  id: string
  email: string
  username: string
  token: string
}

export async function makeCatalog({ database }: Runtime, from: number, to: number): Promise<void> {
  const db = await database('CATALOG_DB')
  const now = Date.now()
  const make = db.prepare(
    'insert or ignore into categories (id, name, slug, created_at, updated_at) values (?1, ?2, ?2, ?3, ?3)',
  )
  await db.batch(CATEGORIES.map(([id, slug]) => make.bind(id, slug, now)))
  const ids = CATEGORIES.map(([id]) => id)
  for (let there = from; there < to; there += STEP) {
    const { sql, values } = productRows(Math.min(STEP, to - there), ids, there)
    await db
      .prepare(sql)
      .bind(...values)
      .run()
  }
}

/** People with a verified address, a session and the same password, without the third of a second that its hash takes. */
export async function makePeople(
  { database, settings }: Runtime,
  count: number,
  prefix = 'bench',
): Promise<BenchPerson[]> {
  const db = await database('DB')
  const now = Date.now()
  const people = Array.from({ length: count }, (_, n) => {
    const username = `${prefix}_${n}`
    return { id: randomUUID(), email: `${username}@people.test`, username, sessionId: randomUUID() }
  })
  const rows = JSON.stringify(people)
  await db.batch([
    db
      .prepare(
        `insert into users (id, email, username, password_hash, first_name, last_name, name_key, last_name_key,
           is_email_verified, tier, created_at, updated_at)
         select value->>'id', value->>'email', value->>'username', ?2, 'Bench', 'Person', 'bench person', 'person',
           1, 'enterprise', ?3, ?3
         from json_each(?1)`,
      )
      .bind(rows, hashOfPassword(), now),
    db
      .prepare(
        `insert into user_roles (user_id, role_id)
         select value->>'id', roles.id from json_each(?1), roles where roles.name = 'user'`,
      )
      .bind(rows),
    db
      .prepare(
        `insert into sessions (id, user_id, generation, refresh_hash, created_at, rotated_at, expires_at)
         select value->>'sessionId', value->>'id', 1, value->>'sessionId', ?2, ?2, ?3 from json_each(?1)`,
      )
      .bind(rows, now, now + 7 * DAY_MS),
  ])
  const tokens = new AccessTokens(JSON.parse(settings.JWT_SIGNING_KEYS ?? '[]'), TOKEN_NAMES, systemClock)
  return Promise.all(
    people.map(async ({ sessionId, ...person }) => ({ ...person, token: await tokens.sign(person.id, sessionId) })),
  )
}

function hashOfPassword(): string {
  const salt = randomBytes(16)
  const hash = scryptSync(PASSWORD, salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 26 })
  return `$scrypt$ln=15,r=8,p=3$${phcBase64(salt)}$${phcBase64(hash)}`
}

const phcBase64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
