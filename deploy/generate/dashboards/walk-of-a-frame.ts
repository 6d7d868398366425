// The dashboard that follows a frame from the vehicle to its state: the first one to open.

import {
  fromKafkaToApplied,
  headroom,
  latestReport,
  oldestRecord,
  reportsArrived,
} from './common-panels.ts';
import { type Dashboard, mustBeZero, type Row } from './dashboard.ts';
import {
  count,
  inNamespace,
  line,
  max,
  of,
  quantile,
  rate,
  rateInNamespace,
  ratio,
  sum,
  sumBy,
} from './queries.ts';

/** Counted whichever way it is off, so that replicas cannot make up for each other. */
export const ledgerDifference = `sum(abs(${[
  'fleetwire_bridge_frames_received_total',
  'fleetwire_bridge_frames_produced_total',
  'fleetwire_bridge_frames_quarantined_total',
  'fleetwire_bridge_frames_returned_total',
  'fleetwire_bridge_frames_in_flight',
]
  .map((metric) => sumBy('pod, codec', of(metric)))
  .join(' - ')}))`;

const received = rate('fleetwire_bridge_frames_received_total');
const quarantined = rate('fleetwire_bridge_frames_quarantined_total');

const summary: Row = {
  title: 'Does it add up?',
  panels: [
    {
      kind: 'stat',
      title: 'Frames unaccounted for',
      alerts: ['FleetwireLedgerUnbalanced'],
      good: [
        '0, always, for each codec and replica:',
        'received = produced + quarantined + returned + in flight.',
      ],
      unit: 'short',
      queries: [line('frames', ledgerDifference)],
      limits: mustBeZero,
    },
    {
      kind: 'stat',
      title: 'Frames received',
      alerts: ['FleetwireBridgeAbsent', 'FleetwireNobodySubscribed'],
      good: [
        'What the fleet sends at this time of day.',
        'Nothing at all: look at EMQX, then at the bridge.',
      ],
      unit: 'cps',
      queries: [line('frames', sum(received))],
    },
    {
      kind: 'stat',
      title: 'Share quarantined',
      alerts: ['FleetwireQuarantineHigh', 'FleetwireQuarantineFlood'],
      good: [
        'The share that this fleet always has.',
        'A step up follows a release of T-Box software; the reasons are below.',
      ],
      unit: 'percentunit',
      queries: [line('share', ratio(sum(quarantined), sum(received)))],
      limits: { side: 'above', attention: 0.02, trouble: 0.2 },
    },
    headroom,
    oldestRecord,
    reportsArrived,
  ],
};

const queueFull = rateInNamespace('emqx_delivery_dropped_queue_full');
const noSubscribers = rateInNamespace('emqx_messages_dropped_no_subscribers');

const broker: Row = {
  title: 'Vehicles → EMQX',
  panels: [
    {
      title: 'Messages into EMQX, frames into the bridge',
      good: [
        'Two lines that move alike.',
        'EMQX counts messages, answers of the bridge among them.',
        'A message may hold several frames.',
      ],
      unit: 'cps',
      queries: [
        line('messages into EMQX', sum(rateInNamespace('emqx_messages_qos1_received')), 'text'),
        line('frames into the bridge', sum(received), 'blue'),
      ],
    },
    {
      title: 'Lost in EMQX',
      alerts: ['FleetwireBrokerDropsQueueFull', 'FleetwireBrokerDropsNoSubscriber'],
      good: [
        '0.',
        'Queue full: the bridge did not take frames for longer than the broker keeps them.',
        'No subscribers: no bridge was there.',
      ],
      unit: 'cps',
      queries: [
        line('queue full', sum(queueFull), 'red'),
        line('no subscribers', sum(noSubscribers), 'orange'),
      ],
      limits: mustBeZero,
    },
    {
      title: 'Connections of the bridge',
      alerts: ['FleetwireNobodySubscribed', 'FleetwireBridgeNotSubscribed'],
      good: [
        'Subscribed = connections of all replicas.',
        'EMQX counts one shared subscription for each of them and each filter.',
      ],
      unit: 'short',
      queries: [
        line('in EMQX', max(inNamespace('emqx_subscriptions_shared_count')), 'text'),
        line('connections subscribed', sum(of('fleetwire_bridge_mqtt_subscribed')), 'green'),
        line('connections wanted', count(of('fleetwire_bridge_mqtt_subscribed')), 'orange'),
      ],
    },
  ],
};

const bridge: Row = {
  title: 'Bridge',
  panels: [
    {
      title: 'What became of the frames',
      good: [
        'Received and produced on one line.',
        'Returned is 0 but for lost connections; quarantined is the share above.',
      ],
      unit: 'cps',
      queries: [
        line('received', sum(received), 'blue'),
        line('produced', sum(rate('fleetwire_bridge_frames_produced_total')), 'green'),
        line('quarantined', sum(quarantined), 'orange'),
        line('returned', sum(rate('fleetwire_bridge_frames_returned_total')), 'red'),
      ],
    },
    {
      title: 'In flight',
      alerts: ['FleetwireBridgeStoresNothing'],
      good: [
        'Rate × Kafka’s latency: flat.',
        'It climbs to the windows while Kafka is away, and comes back.',
      ],
      unit: 'short',
      queries: [line('{{pod}}', sumBy('pod', of('fleetwire_bridge_frames_in_flight')))],
    },
    {
      title: 'From receipt to stored',
      alerts: ['FleetwireAgeBudgetBurnsFast'],
      good: ['p99 below 100 ms, of the oldest record of each batch.'],
      unit: 's',
      queries: [
        line('p50', quantile(0.5, 'fleetwire_bridge_age_seconds'), 'blue'),
        line('p99', quantile(0.99, 'fleetwire_bridge_age_seconds'), 'orange'),
      ],
    },
    {
      title: 'Quarantined, by reason',
      good: ['No reason that was not there yesterday. docs/reasons.md says what each means.'],
      unit: 'cps',
      queries: [line('{{reason}}', `${sumBy('reason', quarantined)} > 0`)],
    },
  ],
};

const kafka: Row = {
  title: 'Kafka',
  panels: [
    {
      title: 'Records stored, by topic',
      good: [
        'Telemetry follows the fleet.',
        'Backfill comes in bursts, after tunnels and outages.',
      ],
      unit: 'cps',
      queries: [line('{{topic}}', sumBy('topic', rate('fleetwire_bridge_records_stored_total')))],
    },
    {
      title: 'Time of one send',
      alerts: ['FleetwireBridgeStoresNothing'],
      good: [
        'Milliseconds, from the hand-over of a batch to its result.',
        'While it is slow the bridge is not scaled out: Kafka would not get faster.',
      ],
      unit: 's',
      queries: [
        line('p50', quantile(0.5, 'fleetwire_bridge_kafka_send_seconds'), 'blue'),
        line('p99', quantile(0.99, 'fleetwire_bridge_kafka_send_seconds'), 'orange'),
      ],
    },
    {
      title: 'Sent again, or refused',
      good: [
        '0.',
        'Retries come with a Kafka that is away or moves its leaders.',
        'Records that Kafka refuses for good are in quarantine.',
      ],
      unit: 'cps',
      queries: [
        line('batches sent again', sum(rate('fleetwire_bridge_batch_retries_total')), 'orange'),
        line('records refused', sum(rate('fleetwire_bridge_records_refused_total')), 'red'),
      ],
    },
  ],
};

const processors: Row = {
  title: 'Processors',
  panels: [
    {
      title: 'Records applied, by topic',
      good: [
        'The rates at which the bridge stores them, one panel row above.',
        'Duplicates are not counted.',
      ],
      unit: 'cps',
      queries: [line('{{topic}}', sumBy('topic', rate('fleetwire_stream_records_applied_total')))],
    },
    {
      title: 'Records not applied yet, by topic',
      alerts: ['FleetwireStateLags', 'FleetwirePartitionStuck'],
      good: ['Flat and small.', 'Backfill may stand: it waits while live records are late.'],
      unit: 'short',
      queries: [line('{{topic}}', sumBy('topic', of('fleetwire_stream_lag_records')))],
    },
    fromKafkaToApplied,
    latestReport,
  ],
};

export const walkOfAFrame: Dashboard = {
  name: 'walk-of-a-frame',
  title: 'The walk of a frame',
  about: 'From the vehicle through EMQX, the bridge and Kafka to the state of the vehicle.',
  podsOf: 'fleetwire_build_info',
  rows: [summary, broker, bridge, kafka, processors],
};
