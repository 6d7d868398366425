-- KEYS[1] the partition; ARGV: least epoch, count of inputs.
-- Answers epoch, writes, forgets, then the offsets; none of these where the partition is not whole.

local key, inputs = KEYS[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local nowMs = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local stored = redis.call('HMGET', key, 'e', 'n', 'f', 'o0')
local epoch = math.max(tonumber(stored[1] or 0) + 1, nowMs, tonumber(ARGV[1]))

-- Lua would write so large a number as 1.7e+12.
local text = string.format('%.0f', epoch)
redis.call('HSET', key, 'e', text)

local claim = { text, stored[2] or '0', stored[3] or '0' }
if stored[4] then
  for input = 0, inputs - 1 do
    claim[#claim + 1] = redis.call('HGET', key, 'o' .. input) or '-1'
  end
end
return claim
