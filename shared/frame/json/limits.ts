// What a JSON payload may hold, checked on its bytes before anything is built from it. Each bound
// is far above what a vehicle sends and keeps what is built below 16 times the payload.

export interface JsonLimits {
  /** Objects and arrays inside each other. */
  readonly depthMax: number;
  /** Keys of all objects together; at most `membersMaxMax`. */
  readonly membersMax: number;
  /** Values of all arrays together. */
  readonly elementsMax: number;
  /** Of one key, between its quotes, as on the wire. */
  readonly keyBytesMax: number;
  /** Of one text, likewise. */
  readonly stringBytesMax: number;
  /** Of one number, as on the wire: a double needs 24. */
  readonly numberBytesMax: number;
  /** Values of an array at the top, each a document; 0 where no array may stand there. */
  readonly documentsMax: number;
}

/** The key table has room for so many. */
export const membersMaxMax = 4096;

/**
 * An object or array is worth up to 64 bytes once built, so there may be only one for so many
 * bytes of payload, beside the first few.
 */
export const containerBytesMin = 16;
export const containersFree = 16;

export const envelopeLimits: JsonLimits = {
  depthMax: 8,
  membersMax: membersMaxMax,
  elementsMax: 32_768,
  keyBytesMax: 512,
  stringBytesMax: 8192,
  numberBytesMax: 128,
  documentsMax: 256,
};

/** Texts of a gateway are Base64 of whole data units. */
export const gatewayLimits: JsonLimits = {
  ...envelopeLimits,
  depthMax: 12,
  elementsMax: 65_536,
  stringBytesMax: 1024 * 1024,
  documentsMax: 0,
};

/** Client events of a broker: one flat object. */
export const presenceLimits: JsonLimits = {
  ...envelopeLimits,
  depthMax: 4,
  membersMax: 128,
  elementsMax: 128,
  documentsMax: 0,
};
