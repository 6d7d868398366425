// Spans of time and amounts as people say them: `12 s`, `3 h 20 min`, `1.2 k/s`.

/** Two units at most: who reads it wants the size of it. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return joined([Math.floor(seconds / 60), 'min'], [seconds % 60, 's']);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return joined([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
  const hours = Math.round(minutes / 60);
  return joined([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

/** Age of an instant; one that lies ahead, by another clock than ours, says so. */
export function ageText(at: number, nowAt: number): string {
  const ms = nowAt - at;
  return ms < -500 ? `${durationText(-ms)} ahead` : durationText(Math.max(0, ms));
}

type Part = readonly [count: number, unit: string];

function joined(large: Part, small: Part): string {
  const parts = small[0] === 0 ? [large] : [large, small];
  return parts.map(([count, unit]) => `${count} ${unit}`).join(' ');
}
