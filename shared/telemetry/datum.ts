// GCJ-02, the shifted coordinates of maps in China, back to WGS-84. Within 0.5 m of the inverse of
// the published shift; the same point outside of China, where nothing is shifted.

import gcoord from 'gcoord';
import type { Position } from '../avro/types.generated.ts';

// Its types promise a default export that the CommonJS module does not have.
const { transform, GCJ02, WGS84 } = gcoord as unknown as typeof gcoord.default;

export interface Coordinates {
  readonly longitudeDeg: number;
  readonly latitudeDeg: number;
}

/** Of coordinates in GCJ-02, to 10^-7 degree, which is 1 cm. */
export function toWgs84(longitudeDeg: number, latitudeDeg: number): Coordinates {
  const [longitude, latitude] = transform([longitudeDeg, latitudeDeg], GCJ02, WGS84);
  return { longitudeDeg: rounded(longitude), latitudeDeg: rounded(latitude) };
}

/** Coordinates of GCJ-02 with those of WGS-84 beside them; any other position as it is. */
export function withWgs84(position: Position): Position {
  const { datum, longitudeDeg, latitudeDeg } = position;
  if (datum !== 'gcj02' || longitudeDeg === null || latitudeDeg === null) return position;
  if (Math.abs(longitudeDeg) > 180 || Math.abs(latitudeDeg) > 90) return position;
  const wgs84 = toWgs84(longitudeDeg, latitudeDeg);
  return {
    ...position,
    wgs84LongitudeDeg: wgs84.longitudeDeg,
    wgs84LatitudeDeg: wgs84.latitudeDeg,
  };
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}
