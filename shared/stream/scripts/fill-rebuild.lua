-- KEYS[1] the partition; ARGV: epoch, chunks filled before, then field and value of each vehicle.
-- A chunk that comes again, since its answer never arrived, changes nothing.

local key, epoch, chunks = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local stored = redis.call('HMGET', key, 'e', 'n')
local storedEpoch = tonumber(stored[1] or 0)

if storedEpoch > epoch then return 'fenced' end
if storedEpoch < epoch or tonumber(stored[2] or -1) < chunks then return 'lost' end

-- Lua's stack takes about 8,000 arguments of one call.
for first = 3, #ARGV, 4000 do
  redis.call('HSET', key, unpack(ARGV, first, math.min(first + 3999, #ARGV)))
end
redis.call('HSET', key, 'n', chunks + 1)
return 'filled'
