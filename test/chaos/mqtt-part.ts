// The MQTT broker of a bed: the stack's own, or the model of EMQX in this process.

import { claimPorts } from '#deploy/local/ports.ts';
import type { Stack } from '#deploy/local/stack.ts';
import { EmqxModel } from '../emqx-model/emqx-model.ts';
import type { ModelSettings } from '../emqx-model/settings.ts';
import type { Scope } from '../integration/scope.ts';

export interface MqttPart {
  readonly title: string;
  readonly url: string;
  /** Null: the broker is a real one. */
  readonly model: EmqxModel | null;
  /** What it holds in memory is gone. */
  kill(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
}

export function realBroker(stack: Stack): MqttPart {
  const { mqttUrl: url, mqtt } = stack;
  return {
    title: 'the MQTT broker',
    url,
    model: null,
    kill: () => mqtt.kill(),
    start: () => mqtt.start(),
  };
}

export async function startModel(
  settings: Partial<ModelSettings>,
  scope: Pick<Scope, 'after'>,
): Promise<MqttPart> {
  const ports = await claimPorts();
  const port = ports.next();
  const start = () => EmqxModel.start({ ...settings, port });
  let model: EmqxModel | null = await start();
  const { url } = model;
  const kill = async () => {
    const ending = model;
    model = null;
    await ending?.stop();
  };
  scope.after(async () => {
    await kill();
    await ports.release();
  });
  return {
    title: 'the EMQX model',
    url,
    get model() {
      return model;
    },
    kill,
    start: async () => {
      model ??= await start();
    },
  };
}
