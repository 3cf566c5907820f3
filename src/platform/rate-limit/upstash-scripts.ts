import { ROUNDING } from './count.ts'

/**
 * What `count.ts` says, in Lua, so that Redis reads, decides and writes in one step. `KEYS` has a bucket each, `ARGV`
 * the time in milliseconds and then five of each bucket: algorithm, quota, window or refill, amount, memory.
 * A count is the text `at current previous`, set together with its time to live: none is ever without one.
 *
 * Upstash's own limiter (@upstash/ratelimit) does not keep the laws of the port: `test/laws/upstash-sdk.test.ts`.
 */
const COUNT = `#!lua flags=allow-key-locking
local now = tonumber(ARGV[1])

local function rule(i)
  local a = 5 * i - 3
  return ARGV[a] == 'token-bucket', tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), ARGV[a + 3], ARGV[a + 4]
end

local function advance(key, is_bucket, pace)
  local held = redis.call('GET', key)
  local at, current, previous
  if held then
    at, current, previous = held:match('(%S+) (%S+) (%S+)')
    at, current, previous = tonumber(at), tonumber(current), tonumber(previous)
  end
  if is_bucket then
    if not held then return now, 0, 0 end
    local refilled = (now - at) / 1000 * pace
    return math.max(now, at), math.max(0, current - math.max(0, refilled)), 0
  end
  local start = math.floor(now / pace) * pace
  if not held or at < start - pace then return start, 0, 0 end
  if at >= start then return at, current, previous end
  return start, 0, current
end

local function exact(number)
  return string.format('%.17g', number)
end

local function write(key, at, current, previous, memory)
  redis.call('SET', key, exact(at) .. ' ' .. exact(current) .. ' ' .. exact(previous), 'PX', memory)
end
`

/** Answers of each bucket: 1 or 0 for whether it fits, and the count as the ask met it. Writes all or nothing. */
export const TAKE = `${COUNT}
local looks = {}
local all_fit = true
for i, key in ipairs(KEYS) do
  local is_bucket, quota, pace, amount = rule(i)
  local at, current, previous = advance(key, is_bucket, pace)
  local used = current
  if not is_bucket then
    used = previous * (1 - math.min(1, math.max(0, now - at) / pace)) + current
  end
  local fits = used + tonumber(amount) <= quota + ${ROUNDING}
  all_fit = all_fit and fits
  looks[i] = { fits and 1 or 0, exact(at), exact(current), exact(previous) }
end
if all_fit then
  for i, key in ipairs(KEYS) do
    local _, _, _, amount, memory = rule(i)
    local _, at, current, previous = unpack(looks[i])
    write(key, tonumber(at), tonumber(current) + tonumber(amount), tonumber(previous), memory)
  end
end
return looks
`

/** A bucket that holds nothing stays away. */
export const GIVE_BACK = `${COUNT}
for i, key in ipairs(KEYS) do
  local is_bucket, _, pace, amount, memory = rule(i)
  if amount == 'all' then
    redis.call('DEL', key)
  elseif redis.call('EXISTS', key) == 1 then
    local at, current, previous = advance(key, is_bucket, pace)
    write(key, at, math.max(0, current - tonumber(amount)), previous, memory)
  end
end
return #KEYS
`
