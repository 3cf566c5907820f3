import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal, ROOT } from './cli.mjs'

const LOCK = resolve(ROOT, '.wrangler/selvage.lock')
const HEARTBEAT_MS = 5_000
const STALE_AFTER_MS = 30_000
const SETTLE_MS = 100

/** Runs `work` as the only one who touches the local data. `work` gets a function that notes facts in the lock. */
export async function withLock(work) {
  const release = await acquire()
  try {
    return await work(note)
  } finally {
    release()
  }
}

async function acquire() {
  mkdirSync(dirname(LOCK), { recursive: true })
  if (!tryCreate()) {
    refuseIfHeld()
    // Moved away rather than deleted: of two that find it stale, one fails here or below.
    const aside = `${LOCK}.${process.pid}`
    moveAside(aside)
    tryCreate()
    await sleep(SETTLE_MS)
    if (readLock().pid !== process.pid) refuseIfHeld()
  }
  const heartbeat = setInterval(touch, HEARTBEAT_MS)
  heartbeat.unref()
  const release = () => {
    clearInterval(heartbeat)
    if (readLock().pid === process.pid) rmSync(LOCK, { force: true })
  }
  process.once('exit', release)
  return release
}

/** Replaced in one step: a reader never meets half a file. */
function note(facts) {
  const next = `${LOCK}.${process.pid}`
  writeFileSync(next, JSON.stringify({ pid: process.pid, ...facts }))
  renameSync(next, LOCK)
}

function tryCreate() {
  try {
    writeFileSync(LOCK, JSON.stringify({ pid: process.pid }), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function moveAside(aside) {
  try {
    renameSync(LOCK, aside)
    rmSync(aside, { force: true })
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function refuseIfHeld() {
  const { pid, port, worker } = readLock()
  if (pid !== undefined && pid !== process.pid && isAlive(pid) && isFresh()) {
    const where = port ? ` at http://localhost:${port}` : ''
    throw new Refusal(
      `Selvage is already running on this data${where} (process ${pid}).`,
      'Use that one, or stop it first (Ctrl-C in its terminal).',
    )
  }
  if (worker !== undefined && isAlive(worker)) {
    throw new Refusal(
      `An earlier run was killed, and its Worker (process ${worker}) seems to live on with this data.`,
      `End process ${worker}, then start again. If that process is something else, delete ${LOCK}.`,
    )
  }
}

function readLock() {
  try {
    return JSON.parse(readFileSync(LOCK, 'utf8'))
  } catch {
    return {}
  }
}

/** Process numbers come round again (after a reboot, in a container), so a living pid alone proves nothing. */
function isFresh() {
  try {
    return Date.now() - statSync(LOCK).mtimeMs < STALE_AFTER_MS
  } catch {
    return false
  }
}

function touch() {
  const now = new Date()
  try {
    utimesSync(LOCK, now, now)
  } catch {
    // Deleted by hand: the run goes on without it.
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
