-- KEYS[1] the partition; ARGV: epoch, writes and forgets as the owner knows them, input and offset
-- (both empty: no record was applied), then field and value of each vehicle.
-- Everything is compared before anything is changed.

local key, input, offset = KEYS[1], ARGV[4], tonumber(ARGV[5])
local epoch, writes, forgets = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local stored = redis.call('HMGET', key, 'e', 'n', 'f', 'o0', 'o' .. input)
local storedEpoch, storedWrites = tonumber(stored[1] or 0), tonumber(stored[2] or 0)

if storedEpoch > epoch then return 'fenced' end
if storedEpoch < epoch or storedWrites < writes or not stored[4] then return 'lost' end
-- Nobody else has this epoch: a write of the owner's own whose answer never arrived.
if storedWrites > writes then return 'stale' end
if (stored[3] or '0') ~= forgets then return 'forgotten' end
if offset and offset <= tonumber(stored[5] or -1) then return 'stale' end

-- Lua's stack takes about 8,000 arguments of one call.
for first = 6, #ARGV, 4000 do
  redis.call('HSET', key, unpack(ARGV, first, math.min(first + 3999, #ARGV)))
end
if offset then redis.call('HSET', key, 'o' .. input, ARGV[5]) end
redis.call('HINCRBY', key, 'n', 1)
return 'written'
