// Both clients behind the producer port, on three Kafka nodes that are disturbed.

import { holdContract } from '../producers/contract.ts';
import type { Proof } from './proof.ts';

/** Longer than the 9 s after which Kafka gives up a broker that is silent. */
const brokerDownMs = 15_000;

export const producersProof: Proof = {
  name: 'producers',
  sentence:
    'With kafkajs and with @platformatic/kafka, with 1 and with 8 sends in flight, on three Kafka' +
    ' nodes whose leaders move every 2 s, whose answers are lost again and again and of which one' +
    ' is killed: every record that counts as stored is stored.',
  run: (stage) => holdContract(stage, { seconds: 60, brokerDownMs, moveEveryMs: 2_000 }),
};
