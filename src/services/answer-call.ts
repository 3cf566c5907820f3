import type * as z from 'zod'
import { createSystemContext } from '../compose.ts'
import type { ServiceContext } from '../context.ts'
import type { Env } from '../env.ts'
import { isolateOf } from '../isolate.ts'
import { type Call, inCall } from '../platform/call.ts'
import { Refusal } from '../platform/errors.ts'
import type { ServiceAnswer } from '../platform/result.ts'

/** The entrypoint that is called, and the name under which its verbs act. */
export interface Called {
  env: Env
  ctx: ExecutionContext
  name: string
}

/** In the caller's scope: parses, calls one verb, answers a value. A refusal, thrown, would lose its class on the way. */
export function answerCall<I, T>(
  { env, ctx, name }: Called,
  call: Call,
  {
    schema,
    input,
    verb,
  }: { schema: z.ZodType<I>; input: unknown; verb: (ctx: ServiceContext, input: I) => Promise<T> },
): Promise<ServiceAnswer<T>> {
  return inCall(call, async (): Promise<ServiceAnswer<T>> => {
    const parsed = schema.safeParse(input)
    if (!parsed.success) {
      return { ok: false, code: 'VALIDATION_FAILED', message: parsed.error.issues[0]?.message ?? '' }
    }
    try {
      const system = createSystemContext(isolateOf(env), env, name, (work) => ctx.waitUntil(work))
      return { ok: true, value: await verb(system, parsed.data) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { ok: false, code: error.code, message: error.message }
    }
  })
}
