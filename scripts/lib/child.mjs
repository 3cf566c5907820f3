import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const WINDOWS = process.platform === 'win32'
const GRACE_MS = 5_000

/**
 * Starts a program with its children in a group of their own, so that Ctrl-C reaches us first and all of it can be
 * ended.
 */
export function startChild(command, args, { onLine, ...options }) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: !WINDOWS, ...options })
  for (const stream of [child.stdout, child.stderr]) readLines(stream, onLine)
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    // Not 'close': grandchildren that outlive it would hold its pipes open.
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
  })
  const killNow = () => killGroup(child.pid)
  process.once('exit', killNow)

  return {
    pid: child.pid,
    /** Resolves when it has ended, with the signal or the exit code in words. */
    ended,
    async stop() {
      if (!WINDOWS) {
        child.kill('SIGTERM')
        await Promise.race([ended, sleep(GRACE_MS, undefined, { ref: false })])
      }
      killNow()
      await ended
      process.off('exit', killNow)
    },
  }
}

/** Ends a program and those that it started, at once, where it has a group of its own. */
export function killGroup(pid) {
  if (WINDOWS) {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' })
    return
  }
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

function readLines(stream, onLine) {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  stream.on('end', () => rest && onLine(rest))
}
