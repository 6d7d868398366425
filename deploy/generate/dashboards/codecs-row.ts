// What codecs hold and find beside the frames: parts of split messages, signatures.

import type { Row } from './dashboard.ts';
import { line, of, rate, sum, sumBy } from './queries.ts';

export const codecsRow: Row = {
  title: 'Codecs',
  panels: [
    {
      title: 'Parts that wait',
      good: [
        'Few, and falling back: split messages of JT/T 808, stored already.',
        'A level that stays is terminals that never send the rest.',
      ],
      unit: 'bytes',
      queries: [line('{{pod}}', sumBy('pod', of('fleetwire_bridge_parts_held_bytes')))],
    },
    {
      title: 'Split messages',
      good: [
        'Joined: about what is sent.',
        'Given up: 0. By age, parts were lost or went to another replica; by bytes, a flood.',
      ],
      unit: 'cps',
      queries: [
        line('joined', sum(rate('fleetwire_bridge_wholes_made_total')), 'blue'),
        line(
          'given up: {{bound}}',
          sumBy('bound', rate('fleetwire_bridge_wholes_given_up_total')),
          'orange',
        ),
      ],
    },
    {
      title: 'Signatures looked at',
      good: [
        'Valid, where keys are there.',
        'Unchecked: no key of the vehicle. Invalid: another key, or somebody between.',
      ],
      unit: 'cps',
      queries: [
        line('{{verdict}}', sumBy('verdict', rate('fleetwire_bridge_signatures_checked_total'))),
      ],
    },
  ],
};
