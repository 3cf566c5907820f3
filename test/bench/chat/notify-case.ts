import { setTimeout as sleep } from 'node:timers/promises'
import { Crowd } from '../load/crowd.ts'
import { Hearing } from '../load/hearing.ts'
import type { BenchPerson } from '../world.ts'
import type { ChatPlan, ChatSystemName } from './result.ts'
import type { ChatCase } from './rounds.ts'
import type { Side } from './sides.ts'

/** In rooms of up to so many, a message notifies all who do not have the room before them. */
const ROOM = 50
const OPENED_AT_ONCE = 50

interface World {
  /** One of each room, who has it open. */
  speakers: Crowd
  /** All others, on sockets of their own. */
  audience: Crowd
}

/** So many belong to the rooms: those who are notified, and in each room one who speaks. */
export function peopleOfNotify(notified: number): number {
  return Math.ceil(notified / (ROOM - 1)) * ROOM
}

/**
 * One message in each of many small rooms, whose members are connected elsewhere: each of them gets a notification of
 * their own, stored before it is shown. Everybody stays connected from round to round.
 */
export function notifyCase({ notified }: ChatPlan, people: readonly BenchPerson[]): ChatCase & { end(): void } {
  const rooms = peopleOfNotify(notified) / ROOM
  const worlds = new Map<ChatSystemName, World>()
  return {
    name: `${rooms * (ROOM - 1)} people notified, ${rooms} rooms`,
    kind: 'notify',
    unit: 'notifications',
    prepare: async (side) => {
      const { speakers, audience } = worlds.get(side.name) ?? (await openWorld(side, people, rooms))
      worlds.set(side.name, { speakers, audience })
      await sleep(side.restMs)
      const clients = audience.size
      const hearing = new Hearing({ messages: rooms, clients, receivers: ROOM - 1, event: 'notification:new' })
      audience.listen(hearing)
      return {
        amount: clients,
        work: async () => {
          for (let room = 0; room < rooms; room += 1) speakers.say(room, room, hearing.say(room))
          await hearing.untilWhole()
          return hearing.delays
        },
        close: () => undefined,
      }
    },
    end: () => {
      for (const { speakers, audience } of worlds.values()) {
        speakers.close()
        audience.close()
      }
    },
  }
}

async function openWorld(side: Side, people: readonly BenchPerson[], rooms: number): Promise<World> {
  const { url: origin } = side.system
  const speakers: { room: string; token: string }[] = []
  const audience: { token: string }[] = []
  for (let i = 0; i < rooms; i += 1) {
    const members = people.slice(i * ROOM, (i + 1) * ROOM)
    const [speaker, ...others] = members.map((person) => side.tokenOf(person))
    speakers.push({ room: await side.room(members), token: speaker ?? '' })
    audience.push(...others.map((token) => ({ token })))
  }
  const world = {
    speakers: new Crowd({ origin, protocol: side.protocol, people: speakers }),
    audience: new Crowd({ origin, protocol: side.protocol, people: audience }),
  }
  await world.speakers.open(OPENED_AT_ONCE)
  await world.audience.open(OPENED_AT_ONCE)
  return world
}
