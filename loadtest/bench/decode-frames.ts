// The frames that `bench -- decode` counts with: of each codec a report as the fleet sends it.

import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { buildGatewayMessage } from '#shared/frame/gb32960-gateway/encode-message.ts';
import type { Codec } from '#shared/topics.ts';
import type { MixName } from '../fleet/mix.ts';
import { createRandom } from '../fleet/random.ts';
import { SimulatedCar } from '../fleet/simulated-car.ts';
import { createSpeakers } from '../fleet/speakers.ts';
import { typicalReports } from './typical-report.ts';

export interface CodecFrames {
  /** As records name the codec. */
  readonly name: string;
  /** As topics name it. */
  readonly codec: Codec;
  readonly frames: readonly PayloadOf[];
}

export interface PayloadOf {
  readonly vehicleId: string;
  readonly mqttTopic: string;
  readonly payload: Buffer;
}

export interface FramesPlan {
  readonly count: number;
  readonly seed: number;
  /** Epoch ms of the first report. */
  readonly startAt: number;
}

/** GB/T 32960.3-2016 first: the compiler has then seen nothing else, as in a bridge. */
export async function decodeFrames(plan: FramesPlan): Promise<readonly CodecFrames[]> {
  const typical = typicalReports({ ...plan, vehicles: 500 });
  const [gb2025, jt808, json] = await Promise.all(
    (['gb2025', 'jt808', 'json'] as const).map((name) => fleetFrames(name, plan)),
  );
  return [
    { name: 'gb32960-2016', codec: 'gb32960', frames: typical },
    { name: 'gb32960-2025', codec: 'gb32960', frames: gb2025! },
    { name: 'jt808 location', codec: 'jt808', frames: jt808! },
    { name: 'json-1', codec: 'json', frames: json! },
    { name: 'gb32960-gateway', codec: 'gb32960-gateway', frames: typical.map(throughGateway) },
  ];
}

const vehicles = 100;
const periodMs = 10_000;

/** Round after round of all vehicles, ten seconds apart. */
async function fleetFrames(name: MixName, plan: FramesPlan): Promise<readonly PayloadOf[]> {
  const speakerOf = await createSpeakers({ [name]: 1 });
  const speakers = Array.from({ length: vehicles }, (_, index) => {
    const random = createRandom(plan.seed, vehicles + index);
    return speakerOf({ simulated: new SimulatedCar(plan.seed, index), index, random });
  });
  return Array.from({ length: plan.count }, (_, n) => {
    const speaker = speakers[n % vehicles]!;
    const at = plan.startAt + Math.floor(n / vehicles) * periodMs;
    speaker.simulated.advance(periodMs / 1000);
    return speaker.report(speaker.collect(at), at)[0]!;
  });
}

function throughGateway({ vehicleId, payload }: PayloadOf): PayloadOf {
  const frame = decodeMessage(payload)[0]?.frame;
  if (frame == null) throw new Error('a frame wanted, found none');
  const message = buildGatewayMessage(frame);
  return { vehicleId, mqttTopic: `v1/up/${vehicleId}/gb32960-gateway`, payload: message };
}
