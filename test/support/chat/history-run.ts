import { Lots } from '../random.ts'
import { type Act, BY_ROUTE_ONLY, sayByRoute, type Told, toldByAck } from './acts.ts'
import { Draw } from './draw.ts'
import { Ledger } from './ledger.ts'
import { demandAllIsWell } from './verdict.ts'
import { ChatWorld, type Device, eventually, type Stage } from './world.ts'

/** Somebody who has done something, and what they know of it. */
export interface Attempt {
  device: Device
  act: Act
  told: Told
}

const STEPS = {
  one: 50,
  many: 18,
  'many, and something goes wrong': 14,
  evict: 6,
  abort: 2,
  'hang up': 5,
  'come back': 11,
  'sign out': 2,
  summarise: 4,
} as const
const WRONGS = { abort: 3, 'hang up': 4, 'sign out': 2, evict: 2 } as const
type Wrong = keyof typeof WRONGS

/**
 * One random history of a room, from one number: what people do and what goes wrong meanwhile, checked after each step
 * and once all has come to rest. @throws Error that tells the seed and the steps
 */
export async function runHistory(stage: Stage, seed: number): Promise<void> {
  const run = await HistoryRun.begin(stage, seed)
  try {
    await run.toTheEnd()
  } catch (error) {
    if (error instanceof Error) error.message = `SEED=${seed}: ${error.message}\n${run.steps.join('\n')}`
    throw error
  } finally {
    run.world.end()
  }
}

class HistoryRun {
  readonly steps: string[] = []
  readonly world: ChatWorld
  readonly #ledger: Ledger
  readonly #lots: Lots
  readonly #draw: Draw
  #frames = 0

  private constructor(world: ChatWorld, ledger: Ledger, lots: Lots) {
    this.world = world
    this.#ledger = ledger
    this.#lots = lots
    this.#draw = new Draw(lots, world.people)
  }

  static async begin(stage: Stage, seed: number): Promise<HistoryRun> {
    const lots = new Lots(seed)
    const count = Math.min(lots.between(3, 6), lots.between(3, 6))
    const members = lots.between(2, count)
    const world = await ChatWorld.make(stage, count, members, seed)
    for (const person of world.people) if (lots.chance(0.4)) await world.addDevice(person, lots.chance(0.5))
    return new HistoryRun(world, new Ledger(world, members), lots)
  }

  async toTheEnd(): Promise<void> {
    for (const device of this.world.devices) if (this.#lots.chance(0.6)) await this.#comeBack(device)
    for (let left = this.#lots.between(20, 34); left > 0; left -= 1) await this.#step(this.#lots.weighted(STEPS))
    this.steps.push('the end')
    await demandAllIsWell(this.world, this.#ledger, this.#lots)
  }

  async #step(name: keyof typeof STEPS): Promise<void> {
    this.steps.push(`${this.steps.length + 1}. ${name}`)
    const { world } = this
    if (name === 'one') await this.#together(1)
    else if (name === 'many') await this.#together(this.#lots.between(2, 7))
    else if (name === 'many, and something goes wrong') {
      await this.#together(this.#lots.between(2, 6), this.#lots.weighted(WRONGS))
    } else if (name === 'come back') {
      const offline = world.devices.filter(({ socket }) => !socket)
      if (offline.length > 0) await this.#comeBack(this.#lots.pick(offline))
    } else if (name === 'summarise') await world.summarise()
    else if (name === 'hang up') {
      const device = this.#drawVictim()
      this.steps.push(`   ${this.#name(device)}`)
      await this.#ledger.hangUp(device)
    } else {
      await this.#goWrong(name, this.#drawVictim())
      await this.#ledger.follow()
    }
  }

  async #together(count: number, wrong?: Wrong): Promise<void> {
    const acts: { device: Device; act: Act; byRoute: boolean }[] = []
    const { state } = this.#ledger
    for (let n = 0; n < count; n += 1) {
      const device = this.#lots.pick(this.world.devices)
      const act =
        count === 1
          ? this.#draw.act(device.person, state)
          : this.#draw.beside(
              acts.map((one) => one.act),
              device.person,
              state,
            )
      acts.push({ device, act, byRoute: BY_ROUTE_ONLY.has(act.event) || !device.socket || this.#lots.chance(0.3) })
    }
    const victim = this.#drawVictim()
    const waitMs = this.#lots.between(0, 20)
    this.steps.push(...acts.map((one) => `   ${this.#describe(one)}`))
    this.#ledger.beginStep()
    const saying = acts.map(({ device, act, byRoute }) => this.#say(device, act, byRoute))
    if (wrong) {
      this.steps.push(`   meanwhile: ${wrong}`)
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      await this.#goWrong(wrong, victim)
    }
    await this.#ledger.place(await Promise.all(saying), count === 1)
    await this.#sayAgain()
    await this.#ledger.follow()
  }

  /** What was not answered goes out again as soon as there is a connection. */
  async #sayAgain(): Promise<void> {
    for (const device of this.world.devices) {
      const acts = [...device.unanswered.values()]
      device.unanswered.clear()
      if (acts.length === 0 || !this.#ledger.isMember(device)) continue
      if (!device.socket) await this.#ledger.connect(device)
      this.#ledger.beginStep()
      await this.#ledger.place(await Promise.all(acts.map((act) => this.#say(device, act, false))), false)
    }
  }

  async #say(device: Device, act: Act, byRoute: boolean): Promise<Attempt> {
    const key = act.event === 'message:send' ? act.data.clientMessageId : undefined
    const socket = byRoute ? undefined : device.socket
    if (key !== undefined) device.unanswered.set(key, act)
    let told: Told = { result: 'unknown' }
    if (!socket) told = await sayByRoute(this.world.as(device.session), this.world.room.id, act)
    else {
      this.#frames += 1
      const id = this.#frames
      socket.send(act.event, act.data, id)
      const findAck = () => socket.lines.find((line) => line.event === 'ack' && line.id === id)
      const isOver = () => socket.closed !== undefined || device.socket !== socket
      await eventually(() => findAck() !== undefined || isOver(), `an answer to ${act.event}`)
      const ack = findAck()
      if (ack) told = toldByAck(ack)
    }
    if (key !== undefined && told.result !== 'unknown') device.unanswered.delete(key)
    return { device, act, told }
  }

  async #comeBack(device: Device): Promise<void> {
    if (!this.#ledger.isMember(device)) return
    this.steps.push(`   ${this.#name(device)} connects, since ${device.reader.lastSeq}`)
    await this.#ledger.connect(device)
    await this.#ledger.follow()
  }

  #drawVictim(): Device {
    const online = this.world.devices.filter(({ socket }) => socket)
    return this.#lots.pick(online.length > 0 ? online : this.world.devices)
  }

  async #goWrong(wrong: Wrong, victim: Device): Promise<void> {
    const { world } = this
    if (wrong === 'evict') await world.evict()
    else if (wrong === 'abort') await world.abort()
    else if (wrong === 'hang up') {
      world.hangUp(victim)
      await world.settleSockets()
    } else await this.#signOut(victim)
    this.steps.push(`   (${wrong}${wrong === 'hang up' || wrong === 'sign out' ? `: ${this.#name(victim)}` : ''})`)
  }

  async #signOut({ session, person }: Device): Promise<void> {
    const { world } = this
    const { status } = await world.as(session).post('/v1/auth/logout')
    if (status >= 300) throw new Error(`Signing out answered ${status}`)
    const upTo = (await world.log()).at(-1)?.seq ?? 0
    const isMeant = (device: Device) => device.session.sessionId === session.sessionId
    await world.demandEnded(isMeant, upTo)
    const next = { ...person, ...(await world.newSession(person)) }
    for (const device of world.devices.filter(isMeant)) device.session = next
  }

  #describe({ device, act, byRoute }: { device: Device; act: Act; byRoute: boolean }): string {
    return `${this.#name(device)} ${byRoute ? 'by route' : 'by socket'}: ${act.event} ${JSON.stringify(act.data)}`
  }

  #name(device: Device): string {
    return `device ${this.world.devices.indexOf(device)} of ${device.person.username}`
  }
}
