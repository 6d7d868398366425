// What a broker says of a vehicle's connection, by its own clock.

export interface PresenceFrame {
  readonly codec: 'presence';
  readonly event: 'connected' | 'disconnected';
  readonly clientId: string;
  /** Epoch ms, by the broker's clock; null where it does not say. The next two too. */
  readonly connectedAt: number | null;
  readonly disconnectedAt: number | null;
  /** When the broker made the event. */
  readonly saidAt: number | null;
  readonly username: string | null;
  /** With its port where the broker says it. */
  readonly ipAddress: string | null;
  readonly protocol: string | null;
  readonly protocolVersion: number | null;
  readonly keepaliveS: number | null;
  readonly isCleanStart: boolean | null;
  readonly expiryS: number | null;
  readonly reason: string | null;
  readonly node: string | null;
  /** All else that the broker says, in the order sent. */
  readonly others: readonly (readonly [name: string, value: unknown])[];
  /** View of the payload. */
  readonly bytes: Uint8Array;
}
