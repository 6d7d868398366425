-- KEYS[1] the partition; ARGV: epoch.
-- Without any `o` the partition is not whole; `n` counts the chunks that have been filled in.

local key, epoch = KEYS[1], ARGV[1]
if tonumber(redis.call('HGET', key, 'e') or 0) > tonumber(epoch) then return 'fenced' end
-- Hundreds of thousands of values are freed in the background.
redis.call('UNLINK', key)
redis.call('HSET', key, 'e', epoch, 'n', 0)
return 'begun'
