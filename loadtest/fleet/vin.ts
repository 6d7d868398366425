// Vehicle identification numbers (ISO 3779) of cars that don't exist.

/** In no country's range of ISO 3780, so that no real car can have it. */
export const syntheticWmi = 'FWR';

/** 17 characters with a right check digit. `model` is five of them, `serial` 0 to 999,999. */
export function vinOf(model: string, serial: number): string {
  if (!/^[A-HJ-NPR-Z0-9]{5}$/.test(model)) {
    throw new RangeError(`model of five VIN characters wanted, found ${JSON.stringify(model)}`);
  }
  const tail = `T1${String(serial).padStart(6, '0')}`;
  const blank = `${syntheticWmi}${model}0${tail}`;
  return `${syntheticWmi}${model}${checkDigitOf(blank)}${tail}`;
}

const checkDigitAt = 8;
// GB 16735 annex A, as ISO 3779: weights by place, values by letter. I, O and Q do not occur.
const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** What must stand at place 9 of a VIN; what stands there is not looked at. */
export function checkDigitOf(vin: string): string {
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(vin)) {
    throw new RangeError(`17 VIN characters wanted, found ${JSON.stringify(vin)}`);
  }
  const sum = weights.reduce(
    (total, weight, at) => total + weight * transliterated(vin.charAt(at)),
    0,
  );
  const rest = sum % 11;
  return rest === 10 ? 'X' : String(rest);
}

export function hasRightCheckDigit(vin: string): boolean {
  return vin.charAt(checkDigitAt) === checkDigitOf(vin);
}

function transliterated(character: string): number {
  const digit = Number(character);
  return Number.isNaN(digit) ? letterValue(character) : digit;
}

/** A to H are 1 to 8, J to R 1 to 9 with gaps, S to Z 2 to 9. */
function letterValue(letter: string): number {
  const from = (start: string): number => letter.charCodeAt(0) - start.charCodeAt(0);
  if (letter <= 'H') return from('A') + 1;
  return letter <= 'R' ? from('J') + 1 : from('S') + 2;
}
