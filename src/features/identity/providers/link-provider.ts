import { and, eq, sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime, isoTimeOrNull } from '../../../platform/clock.ts'
import { expectChanged, GuardFailed } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { whileSignedIn } from '../live-session.ts'
import { notice } from '../notice.ts'
import { spend } from '../spend-token.ts'
import { hasAnotherWayIn } from '../ways-in.ts'
import { beginAgain, redeemAttempt } from './attempt.ts'
import { findLink, listLinked } from './queries.ts'
import type { LinkedAccount, ReturnedFromProvider } from './schemas.ts'
import { linkedIdentities } from './tables.ts'

/** The caller's own, by the names of their providers. */
export async function listLinkedAccounts(ctx: ServiceContext): Promise<LinkedAccount[]> {
  const rows = await listLinked(ctx.core.db, requireUser(ctx).userId)
  return rows.map(({ createdAt, lastUsedAt, ...row }) => ({
    ...row,
    name: nameOf(ctx, row.provider),
    createdAt: isoTime(createdAt),
    lastUsedAt: isoTimeOrNull(lastUsedAt),
  }))
}

/**
 * Links the account of a provider to the caller's, by which they sign in from then on: one of each provider, and one
 * that is nobody else's. The provider must know its holder's address. @throws Refusal
 */
export async function linkProvider(
  ctx: ServiceContext,
  token: string | undefined,
  returned: ReturnedFromProvider,
): Promise<LinkedAccount> {
  const caller = requireUser(ctx)
  const { provider, person, attempt } = await redeemAttempt(ctx, token, returned, caller)
  const { userId } = caller
  const { verifiedEmail: email } = person
  if (email === null) {
    throw new Refusal('EMAIL_NOT_VERIFIED', `Verify your e-mail address at ${provider.name} first`)
  }
  const now = ctx.clock()
  const ofAnother = () => new Refusal('CONFLICT', `This ${provider.name} account signs somebody in already`)
  const signedIn = whileSignedIn(ctx)
  const steps = [
    ...signedIn.steps,
    spend(ctx, attempt),
    sql`
      insert into ${linkedIdentities} (provider, subject, user_id, email, created_at)
      select ${provider.id}, ${person.subject}, ${userId}, ${email}, ${now}
      where not exists (select 1 from linked_identities where user_id = ${userId} and provider = ${provider.id})
    `,
    expectChanged('provider:first'),
    ctx.audit('PROVIDER_LINKED', { targetType: 'user', targetId: userId, details: { provider: provider.id } }),
    notice(ctx, userId, 'provider-linked', provider.name),
  ]
  await ctx.core.commit(steps, {
    refusals: {
      ...signedIn.refusals,
      'spent_tokens.id': () => beginAgain('used before'),
      'provider:first': () => new Refusal('CONFLICT', `You have linked a ${provider.name} account already`),
      'linked_identities.provider, linked_identities.subject': ofAnother,
    },
  })
  return { provider: provider.id, name: provider.name, email, createdAt: isoTime(now), lastUsedAt: null }
}

/** @throws Refusal where it is not linked, or nothing else would let the caller in */
export async function unlinkProvider(ctx: ServiceContext, provider: string): Promise<void> {
  const { userId } = requireUser(ctx)
  if (!(await findLink(ctx.core.db, userId, provider))) throw notFound('Linked account')
  const steps = [
    ctx.core.db
      .delete(linkedIdentities)
      .where(
        and(
          eq(linkedIdentities.userId, userId),
          eq(linkedIdentities.provider, provider),
          hasAnotherWayIn(ctx, userId, { provider }),
        ),
      ),
    expectChanged('provider:not-last'),
    ctx.audit('PROVIDER_UNLINKED', { targetType: 'user', targetId: userId, details: { provider } }),
    notice(ctx, userId, 'provider-unlinked', nameOf(ctx, provider)),
  ]
  try {
    await ctx.core.commit(steps)
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error
    // Another call was quicker: it is unlinked, as was asked for.
    if (!(await findLink(ctx.core.db, userId, provider))) return
    throw new Refusal('CONFLICT', 'You could not sign in any more. Set a password or add a passkey first.')
  }
}

function nameOf({ providers }: ServiceContext, id: string): string {
  return providers.get(id)?.name ?? id
}
