import { fromWire } from '../events.ts'
import { rootScope, withScope } from '../observability/scope.ts'
import { formatTraceparent } from '../observability/trace-context.ts'
import type { HandlingParts } from './handle-once.ts'
import { LaneMessage } from './lanes.ts'
import type { Subscriber } from './subscriber.ts'

/** Messages of one batch for one subscriber that handles many at once. */
export interface Together<Ctx> {
  subscriber: Subscriber<Ctx>
  handleAll: NonNullable<Subscriber<Ctx>['handleAll']>
  messages: { message: Message; parsed: LaneMessage }[]
}

/** Where a message was handled with others: in a trace of their own, as it has no single cause. */
export interface HandledTogether {
  together: number
  togetherTraceparent: string
}

/** What of a batch is handled together. A single message is none that could be. */
export function groupByHandler<Ctx>(
  batch: readonly Message[],
  subscribers: readonly Subscriber<Ctx>[],
): { alone: Message[]; together: Together<Ctx>[] } {
  const groups = new Map<string, Together<Ctx>>()
  const alone: Message[] = []
  for (const message of batch) {
    const parsed = LaneMessage.safeParse(message.body).data
    const subscriber = subscribers.find(({ name }) => name === parsed?.subscriber)
    if (!parsed || !subscriber?.handleAll) {
      alone.push(message)
      continue
    }
    const group = groups.get(subscriber.name) ?? { subscriber, handleAll: subscriber.handleAll, messages: [] }
    groups.set(subscriber.name, group)
    group.messages.push({ message, parsed })
  }
  const together = [...groups.values()].filter(({ messages }) => messages.length > 1)
  const single = [...groups.values()].filter(({ messages }) => messages.length === 1)
  return { alone: [...alone, ...single.flatMap(({ messages }) => messages.map(({ message }) => message))], together }
}

/** Undefined where it failed: then none of them counts as handled, though it may be. */
export function handleTogether<Ctx>(
  { subscriber, handleAll, messages }: Together<Ctx>,
  { makeContext, log }: HandlingParts<Ctx>,
): Promise<HandledTogether | undefined> {
  const scope = rootScope()
  return withScope(scope, async () => {
    try {
      await handleAll(
        makeContext(undefined),
        messages.map(({ parsed }) => fromWire(parsed.event)),
      )
      return { together: messages.length, togetherTraceparent: formatTraceparent(scope.span) }
    } catch (error) {
      log.warn('Messages Not Handled Together', { subscriber: subscriber.name, messages: messages.length, error })
      return undefined
    }
  })
}
