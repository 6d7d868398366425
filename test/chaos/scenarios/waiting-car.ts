// A car that believes in nothing but the platform's answer: a report without one is reissued, with
// the same data unit under the command for reissues, until an answer comes.

import { setTimeout as pause } from 'node:timers/promises';
import { answerKey, answerKeyFor } from '#loadtest/fleet/answer-key.ts';
import type { Expectations } from '#loadtest/fleet/expectations.ts';
import { SimulatedCar } from '#loadtest/fleet/simulated-car.ts';
import { buildReport, collect, createTerminal, type Terminal } from '#loadtest/fleet/terminal.ts';
import { Uplink } from '#loadtest/fleet/uplink.ts';
import { linkSettingsOf, type MqttConfig } from '#shared/mqtt/settings.ts';
import { downTopic } from '#shared/topics.ts';

export interface WaitingCarOptions {
  readonly seed: number;
  readonly index: number;
  readonly mqtt: MqttConfig;
  readonly expectations: Expectations;
  /** Then it gives an answer up and sends the report again. */
  readonly answerMsMax: number;
  readonly signal: AbortSignal;
}

/** What became of one report. */
export interface Told {
  readonly vehicleId: string;
  readonly frameId: string;
  reissueCount: number;
  /** Epoch ms: of the first answer; null: none yet. */
  answeredAt: number | null;
}

const reissuesMax = 60;
const sampleEveryMs = 5_000;

export class WaitingCar {
  readonly told: Told[] = [];
  readonly #options: WaitingCarOptions;
  readonly #terminal: Terminal;
  readonly #uplink: Uplink;
  readonly #waiting = new Map<string, () => void>();

  constructor(options: WaitingCarOptions) {
    const { seed, index, mqtt, expectations, signal } = options;
    this.#options = options;
    this.#terminal = createTerminal(new SimulatedCar(seed, index), expectations);
    const { vehicleId } = this.#terminal;
    this.#uplink = new Uplink({
      link: linkSettingsOf(mqtt),
      clientId: `waiting-${vehicleId}`,
      answers: {
        filter: downTopic(vehicleId, 'gb32960'),
        onAnswer: (_, payload) => this.#waiting.get(answerKey(payload) ?? '')?.(),
      },
      signal,
    });
  }

  open(): Promise<void> {
    return this.#uplink.open();
  }

  /** One report after the other, `everyMs` apart where answers come in time. */
  async drive(count: number, everyMs: number, startAt: number): Promise<void> {
    for (let at = 0; at < count && !this.#options.signal.aborted; at += 1) {
      const beganAt = Date.now();
      await this.#report(startAt + at * sampleEveryMs);
      await pause(Math.max(0, beganAt + everyMs - Date.now()));
    }
  }

  close(): Promise<void> {
    return this.#uplink.close();
  }

  async #report(collectedAt: number): Promise<void> {
    const { simulated, vehicleId } = this.#terminal;
    simulated.advance(sampleEveryMs / 1_000);
    const stored = collect(this.#terminal, collectedAt);
    const report = buildReport(this.#terminal, stored, 'report');
    const reissue = buildReport(this.#terminal, stored, 'reissue');
    const frameId = report.expected.frameId as string;
    const told: Told = { vehicleId, frameId, reissueCount: 0, answeredAt: null };
    this.told.push(told);
    const answered = this.#answerTo([report.bytes, reissue.bytes]).then(() => {
      told.answeredAt = Date.now();
    });
    this.#send(report.bytes);
    while (told.reissueCount < reissuesMax && !this.#options.signal.aborted) {
      await Promise.race([answered, pause(this.#options.answerMsMax)]);
      if (told.answeredAt !== null) return;
      told.reissueCount += 1;
      this.#send(reissue.bytes);
    }
  }

  /** Resolves with the first answer to any of them. */
  #answerTo(frames: readonly Buffer[]): Promise<void> {
    return new Promise((resolve) => {
      for (const frame of frames) this.#waiting.set(answerKeyFor(frame), resolve);
    });
  }

  /** A PUBACK is the broker's: nobody waits for it. */
  #send(frame: Buffer): void {
    const sent = this.#uplink.send(this.#terminal.mqttTopic, frame, () => undefined);
    sent.catch(() => undefined);
  }
}
