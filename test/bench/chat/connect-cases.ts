import { setTimeout as sleep } from 'node:timers/promises'
import { Crowd } from '../load/crowd.ts'
import { Delays } from '../load/delays.ts'
import { Hearing } from '../load/hearing.ts'
import type { BenchPerson } from '../world.ts'
import type { ChatPlan } from './result.ts'
import type { ChatCase } from './rounds.ts'
import { openRoom } from './talk-cases.ts'

/** So many are under way at once, as a listening socket has a queue of that order. */
const AT_ONCE = 200
const ROOM_OF_STORM = 100
const MISSED = 100
/** Until a server has noticed that connections have ended. */
const NOTICED_MS = 500

/** Everybody connects at once, each to the room they belong to, until each was greeted by it. */
export function stormCase({ stormSockets }: ChatPlan, people: readonly BenchPerson[]): ChatCase {
  const rooms = Math.ceil(stormSockets / ROOM_OF_STORM)
  return {
    name: `${stormSockets} sockets open, ${ROOM_OF_STORM} a room`,
    kind: 'storm',
    unit: 'sockets',
    prepare: async (side) => {
      const comers: { room: string; token: string }[] = []
      for (let i = 0; i < rooms; i += 1) {
        const members = people.slice(i * ROOM_OF_STORM, Math.min((i + 1) * ROOM_OF_STORM, stormSockets))
        const room = await side.room(members)
        comers.push(...members.map((person) => ({ room, token: side.tokenOf(person) })))
      }
      const crowd = new Crowd({ origin: side.system.url, protocol: side.protocol, people: comers })
      return {
        amount: stormSockets,
        work: async () => {
          await crowd.open(AT_ONCE)
          return crowd.greetings
        },
        close: () => crowd.close(),
      }
    },
  }
}

/** All but one lose their connection, miss what that one says, and come back at once until each has all of it. */
export function reconnectCases({ returning }: ChatPlan, people: readonly BenchPerson[]): ChatCase[] {
  return returning.map((size) => ({
    name: `${size} come back to ${MISSED} missed messages`,
    kind: 'reconnect',
    unit: 'clients',
    prepare: async (side) => {
      const crowd = await openRoom(side, people.slice(0, size + 1))
      const delays = new Delays()
      const beganAt: number[] = []
      const alone = Promise.withResolvers<void>()
      const hearing = new Hearing({
        messages: MISSED,
        clients: size + 1,
        onComplete: (place) => {
          if (place === 0) alone.resolve()
          else delays.add(performance.now() - (beganAt[place] ?? 0))
        },
      })
      crowd.listen(hearing)
      crowd.drop()
      await sleep(NOTICED_MS)
      for (let number = 0; number < MISSED; number += 1) crowd.say(0, number, hearing.say(number))
      await alone.promise
      return {
        amount: size,
        work: async () => {
          await crowd.comeBack(AT_ONCE, (place) => {
            beganAt[place] = performance.now()
          })
          await hearing.untilWhole()
          return delays
        },
        close: () => crowd.close(),
      }
    },
  }))
}
