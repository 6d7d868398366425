// The code that a terminal is given on registration and shows on authentication (0x8100, 0x0102).
// It is derived from the phone number, so that every bridge gives the same one and none has to
// remember it. It holds no secret and proves nothing: who may publish is decided by the broker.

/** 16 hex digits behind `fw`: FNV-1a of 64 bits over the digits without leading zeros. */
export function authCodeOf(phone: string): string {
  let hash = offsetBasis;
  for (const character of phone.replace(/^0+/, '')) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.charCodeAt(0))) * prime);
  }
  return `fw${hash.toString(16).padStart(16, '0')}`;
}

const offsetBasis = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;
