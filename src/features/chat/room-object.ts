import type { ServiceContext } from '../../context.ts'
import type { Results, RoomActor, Work, WorkData, WorkName } from './commands.ts'
import type { Question, QuestionKind, Replies } from './questions.ts'

/** Says one command to a room's object, once for each `Idempotency-Key`. */
export async function tellRoom<N extends WorkName>(
  ctx: ServiceContext,
  objectName: string,
  event: N,
  data: WorkData<N>,
): Promise<Results[N]> {
  const { value, replayed } = await ctx
    .room(objectName)
    .act(await actorOf(ctx), { event, data } as Work, ctx.idempotency.attempt())
  ctx.idempotency.isReplayed = replayed
  // The object answers each command with its own result, which RPC cannot say.
  return value as Results[N]
}

/** Asks a room's object, as the caller. */
export async function askRoom<K extends QuestionKind>(
  ctx: ServiceContext,
  objectName: string,
  userId: string,
  question: Extract<Question, { kind: K }>,
): Promise<Replies[K]> {
  return (await ctx.room(objectName).ask(userId, question)) as Replies[K]
}

/** The caller, as a room is told of them. */
export async function actorOf(ctx: ServiceContext): Promise<RoomActor> {
  const { userId, username, avatar, permissions } = await ctx.session()
  return { userId, username, avatar, mayDeleteAny: permissions.includes('delete:content') }
}
