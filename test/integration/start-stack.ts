// A program that starts a stack, says its addresses in one line and stays: for tests that kill it.
import { startStack } from '#deploy/local/stack.ts';

const stack = await startStack();
const { kafkaBrokers, mqttUrl, registryUrl, redisUrl, dir } = stack;
process.stdout.write(`${JSON.stringify({ kafkaBrokers, mqttUrl, registryUrl, redisUrl, dir })}\n`);
process.once('SIGTERM', () => void stack.stop());
