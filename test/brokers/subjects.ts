// The brokers that the contract is tried on.

import { spawnSync } from 'node:child_process';
import { PARTS } from '#deploy/local/parts.ts';
import { startStack } from '#deploy/local/stack.ts';
import { linkSettingsOf, mqttSettings } from '#shared/mqtt/settings.ts';
import { type Environment, loadConfig } from '#shared/runtime/config.ts';
import { EmqxModel } from '../emqx-model/emqx-model.ts';
import type { BrokerUnderTest } from './probe.ts';
import type { Address } from './raw-client.ts';

/** One that runs already. */
export function artemisAt(mqttUrl: string): BrokerUnderTest {
  const { title, version } = PARTS.artemis;
  return {
    name: 'Artemis',
    title: `${title} ${version}, as the local stack sets it`,
    address: addressOf({ MQTT_URL: mqttUrl }),
    kick: null,
    close: async () => undefined,
  };
}

export async function startArtemis(): Promise<BrokerUnderTest> {
  const stack = await startStack({ parts: ['mqtt'] });
  return { ...artemisAt(stack.mqttUrl), close: () => stack.stop() };
}

/** Null where it is not on the PATH. */
export function mosquittoVersion(): string | null {
  const { stdout } = spawnSync('mosquitto', ['-h'], { encoding: 'utf8' });
  return /version (\S+)/.exec(stdout ?? '')?.[1] ?? null;
}

export async function startMosquitto(): Promise<BrokerUnderTest> {
  const stack = await startStack({ parts: ['mqtt'], mqtt: 'mosquitto' });
  return {
    name: 'Mosquitto',
    title: `Mosquitto ${mosquittoVersion()}, as the local stack sets it`,
    address: addressOf({ MQTT_URL: stack.mqttUrl }),
    kick: null,
    close: () => stack.stop(),
  };
}

export async function startModel(): Promise<BrokerUnderTest> {
  const model = await EmqxModel.start();
  return {
    name: 'EMQX model',
    title: 'the EMQX model of this repository: defaults of EMQX, hash_topic for our group',
    address: addressOf({ MQTT_URL: model.url }),
    kick: async (clientId) => void model.kick(clientId),
    close: () => model.stop(),
  };
}

/** How a real EMQX is asked; credentials and TLS by the bridge's own settings, MQTT_…. */
export const emqxHint =
  'A real EMQX was not asked: EMQX_URL=mqtt://host:1883 asks one (MQTT_USERNAME, MQTT_PASSWORD,' +
  ' MQTT_TLS_… as for the bridge; EMQX_API_URL, EMQX_API_KEY, EMQX_API_SECRET for the kick).';

/** Null without EMQX_URL. */
export function emqxOf(env: Environment): BrokerUnderTest | null {
  const { EMQX_URL: url } = env;
  if (!url) return null;
  return {
    name: 'EMQX',
    title: `EMQX at ${new URL(url).host}`,
    address: addressOf({ ...env, MQTT_URL: url }),
    kick: emqxKick(env),
    close: async () => undefined,
  };
}

function emqxKick(env: Environment): BrokerUnderTest['kick'] {
  const { EMQX_API_URL: url, EMQX_API_KEY: key, EMQX_API_SECRET: secret } = env;
  if (!url || !key || !secret) return null;
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
  return async (clientId) => {
    const path = `/api/v5/clients/${encodeURIComponent(clientId)}`;
    const answer = await fetch(new URL(path, url), {
      method: 'DELETE',
      headers: { authorization },
    });
    if (!answer.ok) throw new Error(`EMQX's API answered ${answer.status} to the kick`);
  };
}

function addressOf(env: Environment): Address {
  return linkSettingsOf(loadConfig(mqttSettings, { env }));
}
