import { WorkerEntrypoint } from 'cloudflare:workers'
import type { z } from 'zod'
import { createSystemContext } from '../compose.ts'
import type { ServiceContext } from '../context.ts'
import type { Env } from '../env.ts'
import { postToRoom, postToUser, showTyping } from '../features/chat/index.ts'
import type { Message } from '../features/chat/message-schemas.ts'
import { PostToRoom, PostToUser, ShowTyping } from '../features/chat/service-schemas.ts'
import { isolateOf } from '../isolate.ts'
import { type Call, inCall } from '../platform/call.ts'
import { Refusal } from '../platform/errors.ts'
import type { ServiceAnswer } from '../platform/result.ts'

/**
 * Chat as other services of ours call it, by a service binding: what is written here is the system's own word. Nothing
 * of it can be reached over HTTP. A refusal is a value: thrown, it would lose its class on the way.
 */
export class ChatService extends WorkerEntrypoint<Env> {
  /** Answers the message, the same one for the same key. */
  postToRoom(call: Call, input: PostToRoom): Promise<ServiceAnswer<Message>> {
    return this.#run(call, PostToRoom, input, postToRoom)
  }

  /** In the private room of the person and the system, which this makes where it is missing. */
  postToUser(call: Call, input: PostToUser): Promise<ServiceAnswer<Message>> {
    return this.#run(call, PostToUser, input, postToUser)
  }

  showTyping(call: Call, input: ShowTyping): Promise<ServiceAnswer<null>> {
    return this.#run(call, ShowTyping, input, async (ctx, typing) => {
      await showTyping(ctx, typing)
      return null
    })
  }

  #run<I, T>(
    call: Call,
    schema: z.ZodType<I>,
    input: unknown,
    verb: (ctx: ServiceContext, input: I) => Promise<T>,
  ): Promise<ServiceAnswer<T>> {
    return inCall(call, async (): Promise<ServiceAnswer<T>> => {
      const parsed = schema.safeParse(input)
      if (!parsed.success)
        return { ok: false, code: 'VALIDATION_FAILED', message: parsed.error.issues[0]?.message ?? '' }
      const defer = (work: Promise<unknown>) => this.ctx.waitUntil(work)
      try {
        const ctx = createSystemContext(isolateOf(this.env), this.env, 'chat-service', defer)
        return { ok: true, value: await verb(ctx, parsed.data) }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return { ok: false, code: error.code, message: error.message }
      }
    })
  }
}
