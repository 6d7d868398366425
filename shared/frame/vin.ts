// The check digit of a VIN (GB 16735, ISO 3779): what a flipped bit or a made-up id gives away.

const digits: Readonly<Record<string, number>> = {
  ...Object.fromEntries([...'0123456789'].map((digit) => [digit, Number(digit)])),
  ...Object.fromEntries([...'ABCDEFGH'].map((letter, at) => [letter, at + 1])),
  ...Object.fromEntries([...'JKLMN'].map((letter, at) => [letter, at + 1])),
  ...{ P: 7, R: 9 },
  ...Object.fromEntries([...'STUVWXYZ'].map((letter, at) => [letter, at + 2])),
};

const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** What is wrong with a VIN, in a few words; null for one that is right. */
export function vinFault(vin: string): string | null {
  if (vin.length !== 17) return `17 characters wanted, found ${vin.length}`;
  let sum = 0;
  for (const [at, character] of [...vin].entries()) {
    const digit = digits[character];
    if (digit === undefined) {
      return `digits and capital letters without I, O and Q wanted, found ${quoted(character)}`;
    }
    sum += digit * (weights[at] as number);
  }
  const rest = sum % 11;
  const wanted = rest === 10 ? 'X' : `${rest}`;
  return vin[8] === wanted ? null : `check digit ${wanted} wanted, found ${vin[8]}`;
}

function quoted(character: string): string {
  const code = character.charCodeAt(0);
  return code > 0x20 && code < 0x7f ? `'${character}'` : `0x${code.toString(16).padStart(2, '0')}`;
}
