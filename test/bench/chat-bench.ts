import { reconnectCases, stormCase } from './chat/connect-cases.ts'
import { notifyCase, peopleOfNotify } from './chat/notify-case.ts'
import type { ChatPlan, ChatResult } from './chat/result.ts'
import { type ChatCase, restOf, runChatCase, type Sides } from './chat/rounds.ts'
import { selvageSide, socketIoSide } from './chat/sides.ts'
import { fanOutCases, rateCases } from './chat/talk-cases.ts'
import { buildPeers } from './systems/peers.ts'
import { startRuntime } from './systems/workers.ts'
import { type BenchPerson, makePeople } from './world.ts'

/** Every case by all systems in turn, and what they hold before the first and after the last. */
export async function benchChat(plan: ChatPlan, say: (text: string) => void): Promise<ChatResult[]> {
  buildPeers()
  const runtime = await startRuntime()
  const sides: Sides = {
    selvage: selvageSide(runtime),
    'socket.io': await socketIoSide('socket.io', []),
    'socket.io, stored': await socketIoSide('socket.io, stored', ['--persist']),
  }
  const results: ChatResult[] = []
  const keep = (result: ChatResult) => {
    results.push(result)
    say(result.name)
  }
  try {
    const people = await makePeople(runtime, mostPeople(plan), 'chat')
    keep(await restOf('at rest, as begun', sides))
    for (const one of casesOf(plan, people)) keep(await runChatCase(one, sides, plan.rounds))
    if (isWanted(plan, 'notified')) {
      const notify = notifyCase(plan, people)
      keep(await runChatCase(notify, sides, plan.rounds))
      notify.end()
    }
    keep(await restOf('at rest, after all of it', sides))
  } finally {
    await Promise.all(Object.values(sides).map(({ system }) => system.stop()))
  }
  return results
}

function casesOf(plan: ChatPlan, people: readonly BenchPerson[]): ChatCase[] {
  const all = [
    ...fanOutCases(plan, people),
    ...rateCases(plan, people),
    stormCase(plan, people),
    ...reconnectCases(plan, people),
  ]
  return all.filter(({ name }) => isWanted(plan, name))
}

function isWanted({ only }: ChatPlan, name: string): boolean {
  return only === undefined || name.includes(only)
}

function mostPeople({ sizes, stormSockets, returning, notified }: ChatPlan): number {
  return Math.max(...sizes, stormSockets, ...returning.map((size) => size + 1), peopleOfNotify(notified))
}
