import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const PLACES = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']

export const HOW_TO_INSTALL =
  'Install Redis (Debian, Ubuntu: `sudo apt-get install redis-server`) or set REDIS_SERVER_PATH to its program.'

/** The Redis that stands behind the limiter's tests, or undefined. */
export function findRedis() {
  const given = process.env.REDIS_SERVER_PATH
  const candidates = given ? [given] : PLACES.filter(Boolean).map((folder) => join(folder, 'redis-server'))
  return candidates.find((path) => existsSync(path))
}
