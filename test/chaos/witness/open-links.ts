// Connections of one bridge that are open now, as the witness sees them.

import type { MqttWitness, Session } from './mqtt-witness.ts';

/** By its name, with which its client ids begin. */
export function openLinksOf(
  { sessions }: Pick<MqttWitness, 'sessions'>,
  bridgeName: string,
): readonly Session[] {
  return sessions.filter(
    ({ clientId, closedAt }) => closedAt === null && clientId.startsWith(`${bridgeName}-`),
  );
}
