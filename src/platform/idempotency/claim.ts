import { and, eq, sql } from 'drizzle-orm'
import { type Clock, SECOND_MS } from '../clock.ts'
import { idempotency } from '../db/platform-tables.ts'
import type { Db } from '../db/store.ts'
import { type ErrorCode, Refusal } from '../errors.ts'
import { newId } from '../ids.ts'
import { type Attempt, keyReused, REMEMBER_MS } from './idempotency.ts'

/** Whoever holds a claim for longer has died: another may take it over. */
const LEASE_MS = 60 * SECOND_MS
const RETRY_AFTER_SECONDS = 5

/** An effect outside our databases, which no batch can hold. */
export interface OutsideEffect<T> {
  /** The status of its answer. */
  status: number
  /** Makes it, with the key under which the provider knows a repeat. */
  run: (providerKey: string) => Promise<T>
  /** Somebody began and was never heard of again: finds out what became of it, and brings it to its end. */
  resume: (providerKey: string) => Promise<T>
}

type Kept<T> = { value: T } | { refusal: { code: ErrorCode; message: string } }

/**
 * Has an effect outside once, by a claim with a lease. A repeat gets what the first has answered, its refusal
 * included; one that comes meanwhile is asked to come again. Where the outcome is not known, because the process or
 * the connection died, the next repeat resumes.
 */
export async function onceOutside<T>(
  { db, clock }: { db: Db; clock: Clock },
  attempt: Attempt,
  effect: OutsideEffect<T>,
): Promise<{ value: T; replayed: boolean }> {
  const now = clock()
  const leaseId = newId()
  const row = await claim(db, attempt, leaseId, now)
  if (row.fingerprint !== attempt.fingerprint) throw keyReused()
  if (row.state === 'completed') return { value: unwrapKept(row.result as Kept<T>), replayed: true }
  if (row.leaseId !== leaseId) {
    throw new Refusal('REQUEST_IN_PROGRESS', 'This request is being worked on. Ask again for its answer.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    })
  }
  const isFirst = row.createdAt === now
  let kept: Kept<T>
  try {
    kept = { value: await (isFirst ? effect.run(attempt.keyHash) : effect.resume(attempt.keyHash)) }
  } catch (error) {
    if (!(error instanceof Refusal) || isOutage(error)) {
      await endLease(db, attempt, leaseId, clock())
      throw error
    }
    kept = { refusal: { code: error.code, message: error.message } }
  }
  await complete(db, attempt, leaseId, effect.status, kept)
  return { value: unwrapKept(kept), replayed: false }
}

/** A 503 or 504 says nothing of the effect: it may have happened. */
function isOutage({ code }: Refusal): boolean {
  return code === 'UNAVAILABLE' || code === 'DEADLINE_EXCEEDED' || code === 'INTERNAL_ERROR'
}

function unwrapKept<T>(kept: Kept<T>): T {
  if ('refusal' in kept) throw new Refusal(kept.refusal.code, kept.refusal.message)
  return kept.value
}

/** Takes the key if it is new, expired, or left by somebody who died; answers the row as it then stands. One trip. */
async function claim(db: Db, { scope, keyHash, fingerprint }: Attempt, leaseId: string, now: number) {
  const [, rows] = await db.batch([
    db
      .insert(idempotency)
      .values({
        ...{ scope, keyHash, fingerprint, leaseId, state: 'processing' },
        ...{ leaseUntil: now + LEASE_MS, createdAt: now, expiresAt: now + REMEMBER_MS },
      })
      .onConflictDoUpdate({
        target: [idempotency.scope, idempotency.keyHash],
        set: {
          leaseId,
          leaseUntil: now + LEASE_MS,
          state: 'processing',
          fingerprint: sql`iif(expires_at <= ${now}, excluded.fingerprint, fingerprint)`,
          createdAt: sql`iif(expires_at <= ${now}, excluded.created_at, created_at)`,
          expiresAt: sql`excluded.expires_at`,
        },
        setWhere: sql`expires_at <= ${now} or (state = 'processing' and lease_until <= ${now}
          and fingerprint = excluded.fingerprint)`,
      }),
    db
      .select()
      .from(idempotency)
      .where(and(eq(idempotency.scope, scope), eq(idempotency.keyHash, keyHash))),
  ])
  const row = rows[0]
  if (!row) throw new Error('The claim is not there')
  return row
}

/** Only who still holds the lease: another may have resumed meanwhile, and then its word counts. */
async function complete(db: Db, attempt: Attempt, leaseId: string, status: number, kept: object): Promise<void> {
  await db
    .update(idempotency)
    .set({ state: 'completed', status, result: kept, leaseUntil: null })
    .where(held(attempt, leaseId))
}

/** The next repeat need not wait for the lease to run out. */
async function endLease(db: Db, attempt: Attempt, leaseId: string, now: number): Promise<void> {
  await db.update(idempotency).set({ leaseUntil: now }).where(held(attempt, leaseId))
}

function held({ scope, keyHash }: Attempt, leaseId: string) {
  return and(eq(idempotency.scope, scope), eq(idempotency.keyHash, keyHash), eq(idempotency.leaseId, leaseId))
}
