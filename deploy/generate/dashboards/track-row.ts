// A release on trial beside the one that runs: the same figures for each track.

import type { Row } from './dashboard.ts';
import { countBy, line, of, quantile, rate, ratio, sumBy } from './queries.ts';

const perTrack = (expr: string) => sumBy('track', expr);
const received = perTrack(rate('fleetwire_bridge_frames_received_total'));

export const trackRow: Row = {
  title: 'Canary and stable',
  panels: [
    {
      title: 'Share quarantined, by track',
      good: [
        'Alike: both get the same mixture of cars.',
        'Else the canary reads frames otherwise.',
      ],
      unit: 'percentunit',
      queries: [
        line(
          '{{track}}',
          ratio(perTrack(rate('fleetwire_bridge_frames_quarantined_total')), received),
        ),
      ],
    },
    {
      title: 'From receipt to stored, p99, by track',
      good: ['Alike, and below 100 ms.'],
      unit: 's',
      queries: [line('{{track}}', quantile(0.99, 'fleetwire_bridge_age_seconds', 'le, track'))],
    },
    {
      title: 'Frames of one replica, by track',
      good: ['Alike: a canary takes the share of one replica.'],
      unit: 'cps',
      queries: [
        line(
          '{{track}}',
          ratio(received, countBy('track', of('fleetwire_build_info', 'service="bridge"'))),
        ),
      ],
    },
    {
      title: 'CPU of one frame, by track',
      good: ['Alike: tens of microseconds.', 'What the canary needs more, all replicas will need.'],
      unit: 's',
      queries: [
        line(
          '{{track}}',
          ratio(perTrack(rate('process_cpu_seconds_total', 'container="bridge"')), received),
        ),
      ],
    },
  ],
};
