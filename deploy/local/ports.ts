// Loopback ports for one stack: a block of ten whose first is held by a listening socket as a
// claim, so that two stacks can never choose the same ones, not even at the same moment.
import { createServer, type Server } from 'node:net';

export const HOST = '127.0.0.1';

// Below the range from which Linux and macOS give ports to outgoing connections: a part that is
// stopped for a while must find its port free when it comes back.
const FIRST_PORT = 20_000;
const BLOCK_PORTS = 10;
const BLOCKS = 1_200;

export interface PortBlock {
  /** The next port of the block; throws when all nine are given. */
  next(): number;
  release(): Promise<void>;
}

export async function claimPorts(): Promise<PortBlock> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let tried = 0; tried < BLOCKS; tried++) {
    const first = FIRST_PORT + ((start + tried) % BLOCKS) * BLOCK_PORTS;
    const claim = await listen(first);
    if (claim === undefined) continue;
    if (await areFree(first + 1, first + BLOCK_PORTS)) return block(first, claim);
    await close(claim);
  }
  throw new Error(`No free block of ${BLOCK_PORTS} ports from ${FIRST_PORT} on ${HOST}.`);
}

function block(first: number, claim: Server): PortBlock {
  claim.unref();
  let given = 0;
  return {
    next() {
      given += 1;
      if (given >= BLOCK_PORTS) throw new Error(`All ports of the block ${first} are given.`);
      return first + given;
    },
    release: () => close(claim),
  };
}

async function areFree(from: number, to: number): Promise<boolean> {
  for (let port = from; port < to; port++) {
    const server = await listen(port);
    if (server === undefined) return false;
    await close(server);
  }
  return true;
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, HOST, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
