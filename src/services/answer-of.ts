import { Refusal } from '../platform/errors.ts'
import type { Meter } from '../platform/observability/meter.ts'
import type { ServiceAnswer } from '../platform/result.ts'

/** What a service of ours has answered; each call counts as a hop. @throws Refusal that it told as a value */
export async function answerOf<T>(meter: Meter, answer: Promise<ServiceAnswer<T>>): Promise<T> {
  meter.spend('objectHops', 1)
  const answered = await answer
  if (answered.ok) return answered.value
  throw new Refusal(answered.code, answered.message)
}
