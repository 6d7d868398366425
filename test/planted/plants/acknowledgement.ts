// Mistakes in who is acknowledged, when and where: guarantees 1, 2, 4, 6 and 9.

import type { Plant } from '../plant.ts';

export const acknowledgementPlants: readonly Plant[] = [
  {
    name: 'acknowledged before stored',
    mistake: 'A message is complete as soon as its records wait in their lanes.',
    edits: [
      {
        file: 'services/bridge/message.ts',
        from: '    this.#store(message, ingested);\n  };',
        to: '    this.#store(message, ingested);\n    intake.complete(message);\n  };',
      },
    ],
    caughtBy: ['bridge dies', 'a process is killed'],
    broken: 'lost after the PUBACK of a bridge',
  },
  {
    name: 'acknowledged on another connection',
    mistake: 'What is stored after its connection has ended is acknowledged on the latest one.',
    edits: [
      {
        file: 'services/bridge/source/intake.ts',
        from: '    options.ledger.opened(this.window);',
        to: '    options.ledger.opened(this.window);\n    Intake.latest = this;',
      },
      {
        file: 'services/bridge/source/intake.ts',
        from: '  readonly link: Link;\n  readonly window',
        to: '  static latest: Intake;\n  readonly link: Link;\n  readonly window',
      },
      {
        file: 'services/bridge/source/intake.ts',
        from:
          "    if (this.#state === 'closed') {\n" +
          '      this.#options.counters.acksDroppedCount += 1;',
        to:
          "    if (this.#state === 'closed') {\n" +
          '      Intake.latest.link.write(pubackBytes([message.packetId]));',
      },
    ],
    caughtBy: ['connections end', 'a process is frozen'],
    broken: 'PUBACKs in turn',
  },
  {
    name: 'acknowledged out of turn',
    mistake: 'Whatever is stored leaves the window, also behind a message that is not.',
    edits: [
      {
        file: 'services/bridge/source/window.ts',
        from: '    const prefix: E[] = [];',
        to:
          '    const all = this.takeAll();\n' +
          '    for (const entry of all) if (!entry.isDone) this.push(entry);\n' +
          '    const prefix: E[] = all.filter(({ isDone }) => isDone);\n' +
          '    if (prefix.length > 0) return prefix;',
      },
    ],
    caughtBy: ['kafka refuses'],
    broken: 'PUBACKs in turn',
  },
  {
    name: 'no result taken for stored',
    mistake: 'A partition that the answer of Kafka leaves out counts as stored.',
    edits: [
      {
        file: 'services/bridge/lane.ts',
        from: "      if (result?.kind !== 'stored') {",
        to: "      if (result !== undefined && result.kind !== 'stored') {",
      },
    ],
    caughtBy: ['kafka refuses'],
    broken: 'lost after the PUBACK of a bridge',
  },
  {
    name: 'dropped by a full lane',
    mistake: 'A lane that holds much tells that the next record is stored, and forgets it.',
    edits: [
      {
        file: 'services/bridge/lane.ts',
        from: '    this.#queue.add(record);\n',
        to:
          '    if (this.#queue.count >= 10) return this.#options.events.stored(record);\n' +
          '    this.#queue.add(record);\n',
      },
    ],
    caughtBy: ['bridge drains'],
    broken: 'lost after the PUBACK of a bridge',
  },
  {
    name: 'a retry overtakes',
    mistake: 'What Kafka refused is sent again behind what came later.',
    edits: [
      {
        file: 'services/bridge/lane-queue.ts',
        from: '[...records, ...this.#records]',
        to: '[...this.#records, ...records]',
      },
    ],
    caughtBy: ['kafka refuses', 'kafka is down'],
    broken: 'order within a tenure',
  },
  {
    name: 'answered before stored',
    mistake: 'The answers of a message leave when it is taken in.',
    edits: [
      {
        file: 'services/bridge/message.ts',
        from: '    this.#store(message, ingested);\n  };',
        to:
          '    for (const { mqttTopic: topic, payload } of message.answers)\n' +
          '      intake.link.publish({ topic, payload, expirySeconds: 60 }, () => undefined);\n' +
          '    message.answers = [];\n' +
          '    this.#store(message, ingested);\n  };',
      },
    ],
    caughtBy: ['calm'],
    broken: 'answered means stored',
  },
  {
    name: 'a redelivery acknowledged unread',
    mistake: 'A message with the DUP flag is taken for one that is stored already.',
    edits: [
      {
        file: 'services/bridge/source/intake.ts',
        from: '    if (delivery.dup && this.#isHere(delivery))',
        to:
          '    if (delivery.dup) this.link.write(pubackBytes([delivery.messageId ?? 0]));\n' +
          '    else if (delivery.dup && this.#isHere(delivery))',
      },
    ],
    caughtBy: ['bridge dies'],
    broken: 'lost after the PUBACK of a bridge',
  },
  {
    name: 'a repeat taken for a message',
    mistake: 'A message that comes again while it is here is stored and acknowledged again.',
    edits: [
      {
        file: 'services/bridge/source/intake.ts',
        from: '    if (delivery.dup && this.#isHere(delivery))',
        to: '    if (delivery.dup && this.#isHere(delivery) && false)',
      },
    ],
    caughtBy: ['broker repeats'],
    broken: 'PUBACKs in turn',
  },
  {
    name: 'a drain acknowledges all',
    mistake: 'A bridge that leaves acknowledges its whole window.',
    edits: [
      {
        file: 'services/bridge/source/intake.ts',
        from: '    this.#release();\n    await this.link',
        to:
          '    for (const message of this.window.entries()) message.isDone = true;\n' +
          '    this.#release();\n    await this.link',
      },
    ],
    caughtBy: ['bridge drains'],
    broken: 'lost after the PUBACK of a bridge',
  },
  {
    name: 'frames given back uncounted',
    mistake: 'The ledger forgets what a connection that ended gives back to the broker.',
    edits: [
      {
        file: 'services/bridge/ledger.ts',
        from: '    this.line(message.codec).returnedCount += message.frameCount;',
        to: '    this.line(message.codec).returnedCount += 0;',
      },
    ],
    caughtBy: ['connections end'],
    broken: 'the ledger balances',
  },
  {
    name: 'an origin for two frames',
    mistake: 'The sequence counts every second frame.',
    edits: [
      {
        file: 'services/bridge/message.ts',
        from: '        sequence: intake.frameCount + 1,',
        to: '        sequence: Math.ceil((intake.frameCount + 1) / 2),',
      },
    ],
    caughtBy: ['calm'],
    broken: 'an origin names one frame',
  },
];
