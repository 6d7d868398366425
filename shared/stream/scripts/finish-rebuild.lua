-- KEYS[1] the partition; ARGV: epoch, chunks filled, then the offset of each input.
-- Answers a word, or writes and forgets as they are now.

local key, epoch, chunks = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local stored = redis.call('HMGET', key, 'e', 'n', 'f')
local storedEpoch = tonumber(stored[1] or 0)

if storedEpoch > epoch then return { 'fenced' } end
if storedEpoch < epoch or tonumber(stored[2] or -1) < chunks then return { 'lost' } end

for index = 3, #ARGV do
  redis.call('HSET', key, 'o' .. (index - 3), ARGV[index])
end
return { 'whole', stored[2], stored[3] or '0' }
