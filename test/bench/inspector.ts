import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A CPU profile as the inspector of V8 tells it. Times are microseconds. */
export interface CpuProfile {
  nodes: ProfileNode[]
  /** Of each sample the id of its node, and the time since the sample before it. */
  samples: number[]
  timeDeltas: number[]
}

export interface ProfileNode {
  id: number
  callFrame: { functionName: string; url: string; lineNumber: number }
  children?: number[]
}

const INTERVAL_US = 200

/** Has one Worker of a runtime profiled while `work` lasts. */
export async function profileOf(port: number, worker: string, work: () => Promise<void>): Promise<CpuProfile> {
  const listed = await fetch(`http://127.0.0.1:${port}/json`)
  const targets = (await listed.json()) as { id: string; webSocketDebuggerUrl: string }[]
  const target = targets.find(({ id }) => id.includes(worker))
  if (!target) throw new Error(`The inspector knows no ${worker}: ${targets.map(({ id }) => id).join(', ')}`)
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await once(socket, 'open')
  try {
    await call(socket, 'Profiler.enable')
    await call(socket, 'Profiler.setSamplingInterval', { interval: INTERVAL_US })
    await call(socket, 'Profiler.start')
    await work()
    const { profile } = (await call(socket, 'Profiler.stop')) as { profile: CpuProfile }
    return profile
  } finally {
    socket.close()
  }
}

let calls = 0

function call(socket: WebSocket, method: string, params: object = {}): Promise<unknown> {
  calls += 1
  const id = calls
  return new Promise((resolve, reject) => {
    const hear = (data: Buffer) => {
      const answer: { id?: number; result?: unknown; error?: { message: string } } = JSON.parse(data.toString())
      if (answer.id !== id) return
      socket.off('message', hear)
      if (answer.error) reject(new Error(`${method}: ${answer.error.message}`))
      else resolve(answer.result)
    }
    socket.on('message', hear)
    socket.send(JSON.stringify({ id, method, params }))
  })
}
