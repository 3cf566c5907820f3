import { setTimeout as sleep } from 'node:timers/promises'
import type { Crowd } from './crowd.ts'
import type { Delays } from './delays.ts'
import { Hearing } from './hearing.ts'

export interface Talk {
  messages: number
  /** The first so many of the crowd say them by turns. */
  senders: number
}

/** Each message is said as soon as one of the `inFlight` before it has reached everybody. */
export async function fanOut(crowd: Crowd, { messages, senders, inFlight }: Talk & { inFlight: number }) {
  let next = 0
  const sayNext = () => {
    if (next >= messages) return
    const number = next++
    crowd.say(number % senders, number, hearing.say(number))
  }
  const hearing: Hearing = new Hearing({ messages, clients: crowd.size, onWhole: sayNext })
  crowd.listen(hearing)
  for (let i = 0; i < inFlight; i += 1) sayNext()
  await hearing.untilWhole()
  return hearing.delays
}

/** So many messages a second, however fast they arrive. */
export async function talkAtRate(crowd: Crowd, { messages, senders, rate }: Talk & { rate: number }): Promise<Delays> {
  const hearing = new Hearing({ messages, clients: crowd.size })
  crowd.listen(hearing)
  const began = performance.now()
  for (let number = 0; number < messages; number += 1) {
    const aheadMs = began + (number * 1_000) / rate - performance.now()
    if (aheadMs > 1) await sleep(aheadMs)
    crowd.say(number % senders, number, hearing.say(number))
  }
  await hearing.untilWhole()
  return hearing.delays
}
