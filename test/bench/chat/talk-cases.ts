import { Crowd } from '../load/crowd.ts'
import { fanOut, talkAtRate } from '../load/talk.ts'
import type { BenchPerson } from '../world.ts'
import type { ChatPlan } from './result.ts'
import type { ChatCase } from './rounds.ts'
import type { Side } from './sides.ts'

const SENDERS = 8
const IN_FLIGHT = 32
/** Sockets that are being opened at once, where that is not what is measured. */
const OPENED_AT_ONCE = 50
const MOST_MESSAGES = 2_000
const LEAST_MESSAGES = 100
const RATE_SIZE = 100

/** Messages of which so many are under way until everybody has them: what a room gives at most. */
export function fanOutCases({ sizes, deliveries }: ChatPlan, people: readonly BenchPerson[]): ChatCase[] {
  return sizes.map((size) => ({
    name: `fan-out to ${size}, ${IN_FLIGHT} in flight`,
    kind: 'fan-out',
    unit: 'deliveries',
    prepare: async (side) => {
      const crowd = await openRoom(side, people.slice(0, size))
      const messages = Math.min(MOST_MESSAGES, Math.max(LEAST_MESSAGES, Math.round(deliveries / size)))
      const talk = { senders: Math.min(SENDERS, size), inFlight: IN_FLIGHT }
      return {
        amount: messages * size,
        work: () => fanOut(crowd, { ...talk, messages }),
        close: () => crowd.close(),
      }
    },
  }))
}

/** A fixed number of messages a second, which no system is at its end with: how long each takes. */
export function rateCases({ rates, rateSeconds }: ChatPlan, people: readonly BenchPerson[]): ChatCase[] {
  return rates.map((rate) => ({
    name: `${rate} messages a second to ${RATE_SIZE}`,
    kind: 'rate',
    unit: 'deliveries',
    prepare: async (side) => {
      const crowd = await openRoom(side, people.slice(0, RATE_SIZE))
      const messages = rate * rateSeconds
      return {
        amount: messages * RATE_SIZE,
        work: () => talkAtRate(crowd, { senders: SENDERS, messages, rate }),
        close: () => crowd.close(),
      }
    },
  }))
}

/** Everybody in one room, each having heard as much as makes a connection warm. */
export async function openRoom(side: Side, people: readonly BenchPerson[]): Promise<Crowd> {
  const room = await side.room(people)
  const crowd = new Crowd({
    origin: side.system.url,
    protocol: side.protocol,
    people: people.map((person) => ({ room, token: side.tokenOf(person) })),
  })
  await crowd.open(OPENED_AT_ONCE)
  await fanOut(crowd, { messages: 2 * IN_FLIGHT, senders: Math.min(SENDERS, people.length), inFlight: IN_FLIGHT })
  return crowd
}
