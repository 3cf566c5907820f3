import { requireUser, type ServiceContext, type SessionState } from '../../../context.ts'
import { GuardFailed, type Step } from '../../../platform/db/commit.ts'
import { notFound } from '../../../platform/errors.ts'
import { findManaged, type Managed } from './access-queries.ts'
import { ACCESS_REFUSALS, CHANGED_MEANWHILE, changedMeanwhile, demandReach } from './guards.ts'

type Refusals = Readonly<Record<string, () => Error>>

const ATTEMPTS = 3

/** What is to be done about somebody, decided by what they are now. */
export interface Decision<T> {
  steps: Step[]
  /** What is answered once the steps are committed. */
  answer: T
}

/**
 * Reads, decides, commits, and begins anew where another admin was quicker. What the person may holds at once here, and
 * within five seconds everywhere.
 * @throws Refusal 404 where there is no such person, 403 where they are above the caller
 */
export async function manageUser<T>(
  ctx: ServiceContext,
  userId: string,
  decide: (person: Managed, actor: SessionState) => Decision<T> | Promise<Decision<T>>,
  refusals: Refusals = {},
): Promise<T> {
  requireUser(ctx)
  for (let attempt = 1; ; attempt += 1) {
    const [person, actor] = await Promise.all([findManaged(ctx.core.db, userId), ctx.session(), ctx.authorized()])
    if (!person) throw notFound(`User ${userId}`)
    demandReach(actor, person)
    const { steps, answer } = await decide(person, actor)
    try {
      await ctx.core.commit(steps, { refusals: { ...ACCESS_REFUSALS, ...refusals } })
      if (steps.length > 0) ctx.sessions.forgetUser(userId)
      return answer
    } catch (error) {
      if (!(error instanceof GuardFailed && error.guard === CHANGED_MEANWHILE)) throw error
      if (attempt === ATTEMPTS) throw changedMeanwhile()
    }
  }
}
