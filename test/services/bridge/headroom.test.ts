// The headroom against a broker that is reckoned by hand: constant rates, a window and a queue for
// each connection, Kafka there or away, in steps of 10 ms of a clock of the test's own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Headroom,
  headroomSeconds,
  headroomSecondsMax,
  type Inflow,
} from '#services/bridge/headroom.ts';

const stepMs = 10;

interface Given {
  /** Messages a second, of each connection. */
  readonly rates: readonly number[];
  readonly windowMax: number;
  readonly brokerQueueFrames: number;
}

interface SimulatedConnection {
  rate: number;
  link: object;
  receivedCount: number;
  windowCount: number;
  isHeld: boolean;
  /** In the broker's queue. */
  queuedCount: number;
  droppedCount: number;
}

class Simulation {
  readonly connections: SimulatedConnection[];
  readonly headroom: Headroom;
  isKafkaAway = false;
  /** Messages that Kafka stores a second and connection. */
  kafkaRate = 50_000;
  nowMs = 0;
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
    this.connections = given.rates.map((rate) => ({
      rate,
      link: {},
      receivedCount: 0,
      windowCount: 0,
      isHeld: false,
      queuedCount: 0,
      droppedCount: 0,
    }));
    this.headroom = new Headroom({
      inflows: () => this.#inflows(),
      brokerQueueFrames: given.brokerQueueFrames,
      now: () => this.nowMs,
    });
  }

  get droppedCount(): number {
    return this.connections.reduce((sum, { droppedCount }) => sum + droppedCount, 0);
  }

  /** Looks once a second, as the bridge does. */
  run(seconds: number, onSecond: () => void = () => undefined): void {
    for (let second = 0; second < seconds; second += 1) {
      for (let ms = 0; ms < 1000; ms += stepMs) this.#step();
      this.headroom.look();
      onSecond();
    }
  }

  #step(): void {
    this.nowMs += stepMs;
    for (const connection of this.connections) this.#stepOf(connection);
  }

  #stepOf(connection: SimulatedConnection): void {
    const { windowMax, brokerQueueFrames } = this.#given;
    if (!this.isKafkaAway) {
      const stored = (this.kafkaRate * stepMs) / 1000;
      connection.windowCount = Math.max(0, connection.windowCount - stored);
    }
    connection.queuedCount += (connection.rate * stepMs) / 1000;
    const room = connection.isHeld ? 0 : windowMax - connection.windowCount;
    const delivered = Math.min(room, connection.queuedCount);
    connection.windowCount += delivered;
    connection.receivedCount += delivered;
    connection.queuedCount -= delivered;
    // While we do not read, what fills the broker's window is out of its queue.
    const unread = connection.isHeld ? windowMax - connection.windowCount : 0;
    const beyond = Math.max(0, connection.queuedCount - unread - brokerQueueFrames);
    connection.queuedCount -= beyond;
    connection.droppedCount += beyond;
  }

  #inflows(): Inflow[] {
    const { windowMax } = this.#given;
    return this.connections.map(({ link, receivedCount, windowCount, isHeld }, at) => {
      return { connection: at + 1, link, receivedCount, windowCount, windowMax, isHeld };
    });
  }
}

/** What the gauge said at each second of an outage, and when the broker really dropped first. */
function outage(simulation: Simulation, secondsMax: number) {
  const startedAt = simulation.nowMs;
  const said: { at: number; seconds: number }[] = [];
  simulation.isKafkaAway = true;
  while (simulation.droppedCount === 0 && said.length < secondsMax) {
    const at = (simulation.nowMs - startedAt) / 1000;
    said.push({ at, seconds: simulation.headroom.seconds });
    simulation.run(1);
  }
  return { said, droppedAt: (simulation.nowMs - startedAt) / 1000 };
}

function assertCountsDown({ said, droppedAt }: ReturnType<typeof outage>): void {
  for (const { at, seconds } of said) {
    const left = droppedAt - at;
    assert.ok(
      Math.abs(seconds - left) <= Math.max(1, left * 0.2),
      `${at} s into the outage: said ${seconds} s, ${left} s were left`,
    );
  }
}

const outages: readonly { name: string; given: Given }[] = [
  {
    name: 'two connections of equal rate',
    given: { rates: [500, 500], windowMax: 4000, brokerQueueFrames: 20_000 },
  },
  {
    name: 'one connection that gets far more than the other',
    given: { rates: [900, 100], windowMax: 4000, brokerQueueFrames: 20_000 },
  },
  {
    name: 'a broker without a queue',
    given: { rates: [200, 200], windowMax: 4000, brokerQueueFrames: 0 },
  },
  {
    name: 'a window of 32 and a large queue',
    given: { rates: [300, 250], windowMax: 32, brokerQueueFrames: 10_000 },
  },
];

for (const { name, given } of outages) {
  test(`counts down to the first frame that the broker drops: ${name}`, () => {
    const simulation = new Simulation(given);
    simulation.run(60);
    const found = outage(simulation, 1000);
    assert.ok(simulation.droppedCount > 0);
    assertCountsDown(found);
    assert.equal(simulation.headroom.seconds, 0);
    assert.equal(simulation.headroom.isInUse, true);
  });
}

test('counts down as well when a bound of bytes stops the reading before the window is full', () => {
  const simulation = new Simulation({
    rates: [500, 500],
    windowMax: 4000,
    brokerQueueFrames: 8000,
  });
  simulation.run(60);
  simulation.isKafkaAway = true;
  simulation.run(2);
  for (const connection of simulation.connections) connection.isHeld = true;
  assertCountsDown(outage(simulation, 1000));
});

test('knows the rate of an outage that began in the first second', () => {
  const simulation = new Simulation({ rates: [2000], windowMax: 1000, brokerQueueFrames: 20_000 });
  simulation.isKafkaAway = true;
  simulation.run(1);
  const seconds = simulation.headroom.seconds;
  assert.ok(seconds > 0 && seconds < 60, `${seconds} s`);
});

test('has its full room again after the broker’s queue has run empty, at the usual rate', () => {
  const simulation = new Simulation({
    rates: [500, 500],
    windowMax: 4000,
    brokerQueueFrames: 20_000,
  });
  simulation.run(60);
  const before = simulation.headroom.seconds;
  simulation.isKafkaAway = true;
  simulation.run(40);
  const during = simulation.headroom.seconds;
  simulation.isKafkaAway = false;
  simulation.run(30);
  assert.ok(during < before * 0.25, `${during} of ${before} s`);
  assert.ok(Math.abs(simulation.headroom.seconds - before) < before * 0.2);
  assert.equal(simulation.headroom.isInUse, false);
});

test('believes the broker’s queue empty when cars fell silent during the outage', () => {
  const simulation = new Simulation({ rates: [500], windowMax: 1000, brokerQueueFrames: 20_000 });
  simulation.run(60);
  simulation.isKafkaAway = true;
  simulation.run(10);
  simulation.connections[0]!.rate = 50;
  simulation.run(10);
  simulation.isKafkaAway = false;
  simulation.run(10);
  assert.equal(simulation.headroom.isInUse, false);
});

test('follows a rate that rises while Kafka is too slow for it', () => {
  const simulation = new Simulation({ rates: [500], windowMax: 1000, brokerQueueFrames: 20_000 });
  simulation.run(60);
  const before = simulation.headroom.seconds;
  simulation.kafkaRate = 900;
  simulation.connections[0]!.rate = 1000;
  simulation.run(60);
  assert.ok(simulation.headroom.seconds < before * 0.7);
});

test('begins with an empty queue and the known rate on a new link', () => {
  const simulation = new Simulation({ rates: [100], windowMax: 1000, brokerQueueFrames: 9000 });
  simulation.run(60);
  simulation.isKafkaAway = true;
  simulation.run(60);
  const [connection] = simulation.connections;
  Object.assign(connection!, { link: {}, receivedCount: 0, windowCount: 0, queuedCount: 0 });
  simulation.run(1);
  const seconds = simulation.headroom.seconds;
  assert.ok(Math.abs(seconds - 99) < 5, `${seconds} s`);
});

test('says a day where nothing arrives and where nothing is connected', () => {
  const quiet = new Simulation({ rates: [0, 0], windowMax: 4000, brokerQueueFrames: 1000 });
  quiet.run(10);
  assert.equal(quiet.headroom.seconds, headroomSecondsMax);
  const alone = new Simulation({ rates: [], windowMax: 4000, brokerQueueFrames: 1000 });
  alone.run(10);
  assert.equal(alone.headroom.seconds, headroomSecondsMax);
});

test('says how much of window and queue is left, whatever the rate', () => {
  const simulation = new Simulation({ rates: [100, 1], windowMax: 1000, brokerQueueFrames: 1000 });
  simulation.run(30);
  assert.ok(simulation.headroom.share > 0.95);
  simulation.isKafkaAway = true;
  simulation.run(15);
  const { share } = simulation.headroom;
  assert.ok(Math.abs(share - 0.25) < 0.05, `${share}`);
  simulation.run(10);
  assert.equal(simulation.headroom.share, 0);
});

test('is the time of the connection that is full first, and never below 0', () => {
  const rooms = [
    { freeCount: 4000, rate: 100 },
    { freeCount: -500, rate: 250 },
    { freeCount: 4000, rate: 0 },
  ];
  assert.equal(headroomSeconds(rooms, 1000), 2);
  assert.equal(headroomSeconds(rooms, 100), 0);
  assert.equal(headroomSeconds([{ freeCount: 4000, rate: 0.001 }], 0), headroomSecondsMax);
});
