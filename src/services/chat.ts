import { WorkerEntrypoint } from 'cloudflare:workers'
import type * as z from 'zod'
import type { ServiceContext } from '../context.ts'
import type { Env } from '../env.ts'
import { postToRoom, postToUser, showTyping } from '../features/chat/index.ts'
import type { Message } from '../features/chat/message-schemas.ts'
import { PostToRoom, PostToUser, ShowTyping } from '../features/chat/service-schemas.ts'
import type { Call } from '../platform/call.ts'
import type { ServiceAnswer } from '../platform/result.ts'
import { answerCall } from './answer-call.ts'

/**
 * Chat as other services of ours call it, by a service binding: what is written here is the system's own word. Nothing
 * of it can be reached over HTTP. A refusal is a value.
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
    return answerCall({ env: this.env, ctx: this.ctx, name: 'chat-service' }, call, { schema, input, verb })
  }
}
