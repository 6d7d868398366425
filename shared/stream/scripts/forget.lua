-- KEYS[1] the partition; ARGV: field of the vehicle.
-- Answers how many there were: 1 or 0.

local key = KEYS[1]
local removed = redis.call('HDEL', key, ARGV[1])
-- Without an epoch it was never claimed: nobody has anything in mind.
if redis.call('HEXISTS', key, 'e') == 0 then return removed end
redis.call('HINCRBY', key, 'f', 1)
-- A rebuild may have read the vehicle from Kafka already: it is lost and has to begin again.
if redis.call('HEXISTS', key, 'o0') == 0 then redis.call('HSET', key, 'n', -1) end
return removed
