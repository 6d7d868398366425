// A message on its way through the model, and its way to one subscriber.

import type { IPublishPacket } from 'mqtt-packet';
import type { SharedGroup } from './shared-group.ts';

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  /** As published. */
  readonly qos: 0 | 1;
  readonly publisherId: string;
  /** Passed on as they came. */
  readonly properties: IPublishPacket['properties'];
  /** By the model's clock; null: never. */
  readonly expiresAt: number | null;
}

export interface Delivery {
  readonly message: Message;
  /** The smaller one of publisher and subscriber. */
  readonly qos: 0 | 1;
  /** Whom it goes to where the session that has it ends; null: a plain subscription. */
  readonly group: SharedGroup | null;
}
