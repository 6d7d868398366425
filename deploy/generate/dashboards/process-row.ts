// What every Node process of ours shows of itself.

import type { Panel, Row } from './dashboard.ts';
import { line, minBy, of, rate, sumBy } from './queries.ts';

export function processRow(container: string): Row {
  const own = `container="${container}"`;
  return { title: 'Process', panels: [...timePanels(own), ...holdingPanels(own)] };
}

function timePanels(own: string): readonly Panel[] {
  return [
    {
      title: 'Event loop in use',
      alerts: ['FleetwireEventLoopSaturated'],
      good: ['Below 70 %: one process has one core.', 'Above, replicas are too few.'],
      unit: 'percentunit',
      queries: [line('{{pod}}', rate('fleetwire_event_loop_active_seconds_total', own))],
      limits: { side: 'above', attention: 0.7, trouble: 0.9 },
    },
    {
      title: 'CPU',
      good: ['Close to the event loop; garbage collection and compression add to it.'],
      unit: 'percentunit',
      queries: [line('{{pod}}', rate('process_cpu_seconds_total', own))],
    },
    {
      title: 'Event loop late, p99',
      good: [
        'Milliseconds.',
        'Above 100 ms something blocks the loop, or the node has no CPU left.',
      ],
      unit: 's',
      queries: [line('{{pod}}', of('nodejs_eventloop_lag_p99_seconds', own))],
      limits: { side: 'above', attention: 0.1, trouble: 1 },
    },
    {
      title: 'Time in garbage collection',
      good: ['A few per cent.'],
      unit: 'percentunit',
      queries: [line('{{pod}}', sumBy('pod', rate('nodejs_gc_duration_seconds_sum', own)))],
      limits: { side: 'above', attention: 0.05, trouble: 0.2 },
    },
  ];
}

function holdingPanels(own: string): readonly Panel[] {
  const certificate = of('fleetwire_tls_certificate_expiry_timestamp_seconds', own);
  return [
    {
      title: 'Memory',
      alerts: ['FleetwirePodOutOfMemory'],
      good: ['A saw with a flat floor, below the limit of the container.'],
      unit: 'bytes',
      queries: [
        line('resident, {{pod}}', of('process_resident_memory_bytes', own)),
        line('heap, {{pod}}', of('nodejs_heap_size_used_bytes', own)),
      ],
    },
    {
      title: 'Age of the process',
      alerts: ['FleetwirePodRestarts'],
      good: ['Lines that rise.', 'A saw is a process that restarts.'],
      unit: 'dtdurations',
      queries: [line('{{pod}}', `time() - ${of('process_start_time_seconds', own)}`)],
    },
    {
      title: 'Client certificates end in',
      alerts: ['FleetwireCertificateExpires', 'FleetwireExpiryAtHand'],
      good: [
        'More than 14 days: they are renewed long before.',
        'Of the files that the process reads; nothing where it has none.',
      ],
      unit: 'dtdurations',
      queries: [line('{{use}}', `${minBy('use', certificate)} - time()`)],
      limits: { side: 'below', attention: 14 * 86_400, trouble: 2 * 86_400 },
    },
    {
      title: 'Open files',
      good: ['Flat: connections and files of the process. A slope is a leak.'],
      unit: 'short',
      queries: [line('{{pod}}', of('process_open_fds', own))],
    },
  ];
}
