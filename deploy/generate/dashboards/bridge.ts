// The dashboard of the bridge: is it ready, how full is it, what do Kafka and EMQX do to it.

import { codecsRow } from './codecs-row.ts';
import { headroom } from './common-panels.ts';
import { type Dashboard, mustBeZero, type Row } from './dashboard.ts';
import { processRow } from './process-row.ts';
import {
  count,
  countBy,
  line,
  max,
  min,
  of,
  quantile,
  rate,
  ratio,
  sum,
  sumBy,
} from './queries.ts';
import { trackRow } from './track-row.ts';

const replicas = of('fleetwire_build_info', 'service="bridge"');
const subscribed = of('fleetwire_bridge_mqtt_subscribed');

const now: Row = {
  title: 'Now',
  panels: [
    {
      kind: 'stat',
      title: 'Replicas',
      alerts: ['FleetwireBridgeAbsent', 'FleetwireReplicasUnavailable'],
      good: [
        'As many as the scaling dashboard says are wanted.',
        'Never 0: without a member EMQX drops frames.',
      ],
      unit: 'short',
      queries: [line('replicas', count(replicas))],
      limits: { side: 'below', attention: 2, trouble: 1 },
    },
    {
      kind: 'stat',
      title: 'Connections not subscribed',
      alerts: ['FleetwireBridgeNotSubscribed', 'FleetwireNobodySubscribed'],
      good: [
        '0, but for seconds after a start.',
        'EMQX away, or it refuses the filter or the certificate: the log says which.',
      ],
      unit: 'short',
      queries: [line('connections', `${count(subscribed)} - ${sum(subscribed)}`)],
      limits: mustBeZero,
    },
    {
      kind: 'stat',
      title: 'Connections not read from',
      alerts: ['FleetwireBridgeReadingHeld'],
      good: [
        '0.',
        'A bound holds the reading while Kafka is slower than the fleet; the connection stays.',
      ],
      unit: 'short',
      queries: [line('connections', sum(of('fleetwire_bridge_reading_held')))],
      limits: { side: 'above', attention: 1e-9, trouble: 2 },
    },
    {
      kind: 'stat',
      title: 'Fullest window',
      alerts: ['FleetwireBridgeWindowFull'],
      good: ['Below 60 %.', 'Full: Kafka is slow or away, or replicas are too few.'],
      unit: 'percentunit',
      queries: [line('use', max(of('fleetwire_bridge_window_use_ratio')))],
      limits: { side: 'above', attention: 0.6, trouble: 0.9 },
    },
    headroom,
    {
      kind: 'stat',
      title: 'Versions running',
      good: ['1; 2 while a version is rolled out.'],
      unit: 'short',
      queries: [line('versions', count(countBy('version', replicas)))],
      limits: { side: 'above', attention: 2, trouble: 3 },
    },
  ],
};

const saturation: Row = {
  title: 'How full',
  panels: [
    {
      title: 'Window in use',
      alerts: ['FleetwireBridgeWindowFull', 'FleetwireBridgeAtMax'],
      good: ['Replicas alike, below 60 %.', 'By this and the event loop the bridge is scaled.'],
      unit: 'percentunit',
      queries: [line('{{pod}}', of('fleetwire_bridge_window_use_ratio'))],
      limits: { side: 'above', attention: 0.6, trouble: 0.9 },
    },
    {
      title: 'Bytes not stored yet',
      alerts: ['FleetwireBridgeReadingHeld'],
      good: ['Far below the bound.', 'At the bound reading stops.'],
      unit: 'bytes',
      queries: [
        line('held by {{pod}}', of('fleetwire_bridge_held_bytes')),
        line('with Kafka, {{pod}}', of('fleetwire_bridge_kafka_in_flight_bytes')),
        line('bound', min(of('fleetwire_bridge_held_bytes_max')), 'red'),
      ],
    },
    {
      title: 'Headroom',
      alerts: ['FleetwireHeadroomLow'],
      good: [
        'Flat, far above twice the worst stall of Kafka that was measured.',
        'It falls second by second while Kafka is away.',
      ],
      unit: 's',
      queries: [
        line('{{pod}}', of('fleetwire_bridge_headroom_seconds')),
        line('twice the worst stall', '2 * max(fleetwire:kafka_worst_stall:seconds)', 'red'),
      ],
    },
    {
      title: 'Reading held',
      good: ['0.', 'Each is a time when a bound stopped a connection.'],
      unit: 'cps',
      queries: [line('{{pod}}', rate('fleetwire_bridge_reading_holds_total'))],
    },
  ],
};

const ledger: Row = {
  title: 'Frames',
  panels: [
    {
      kind: 'stacked',
      title: 'Received, by replica',
      good: [
        'Even shares.',
        'EMQX deals cars out by topic; an empty replica has lost its subscription.',
      ],
      unit: 'cps',
      queries: [line('{{pod}}', sumBy('pod', rate('fleetwire_bridge_frames_received_total')))],
    },
    {
      title: 'In flight, by codec',
      good: ['Flat; it follows the rate and Kafka’s latency.'],
      unit: 'short',
      queries: [line('{{codec}}', sumBy('codec', of('fleetwire_bridge_frames_in_flight')))],
    },
    {
      title: 'Given back, dropped, repeated',
      good: [
        '0 while connections live.',
        'A lost connection gives its frames back to the others.',
        'What was stored by then comes twice.',
      ],
      unit: 'cps',
      queries: [
        line('frames returned', sum(rate('fleetwire_bridge_frames_returned_total')), 'orange'),
        line('stored, connection gone', sum(rate('fleetwire_bridge_acks_dropped_total')), 'blue'),
        line('sent again by the broker', sum(rate('fleetwire_bridge_repeats_total')), 'text'),
      ],
    },
  ],
};

const kafka: Row = {
  title: 'Kafka',
  panels: [
    {
      title: 'From receipt to stored, p99',
      alerts: ['FleetwireAgeBudgetBurnsFast'],
      good: ['Below 100 ms.'],
      unit: 's',
      queries: [line('{{pod}}', quantile(0.99, 'fleetwire_bridge_age_seconds', 'le, pod'))],
      limits: { side: 'above', attention: 0.1, trouble: 1 },
    },
    {
      title: 'Time of one send, p99',
      good: ['Milliseconds, replicas alike.', 'One replica alone: its node or its network.'],
      unit: 's',
      queries: [line('{{pod}}', quantile(0.99, 'fleetwire_bridge_kafka_send_seconds', 'le, pod'))],
    },
    {
      title: 'Records in a batch',
      good: [
        'Grows with the rate, up to 1,000.',
        'Small batches at a high rate cost CPU here and at Kafka.',
      ],
      unit: 'short',
      queries: [
        line(
          '{{pod}}',
          ratio(
            sumBy('pod', rate('fleetwire_bridge_batch_records_total')),
            sumBy('pod', rate('fleetwire_bridge_batches_total')),
          ),
        ),
      ],
    },
    {
      title: 'Bytes handed to Kafka per second',
      good: ['What the topics’ disks and the network are sized for.'],
      unit: 'Bps',
      queries: [line('{{pod}}', sumBy('pod', rate('fleetwire_bridge_batch_bytes_total')))],
    },
    {
      title: 'Sends that went wrong',
      alerts: [
        'FleetwireBridgeStoresNothing',
        'FleetwireBridgeRefused',
        'FleetwireKafkaUncovered',
        'FleetwirePartitionsAdded',
      ],
      good: [
        '0.',
        'Retries end when Kafka is back.',
        'Uncovered: partitions that the client forgot, caught and sent again.',
      ],
      unit: 'cps',
      queries: [
        line('batches sent again', sum(rate('fleetwire_bridge_batch_retries_total')), 'orange'),
        line('partitions uncovered', sum(rate('fleetwire_bridge_kafka_uncovered_total')), 'blue'),
        line('records refused', sum(rate('fleetwire_bridge_records_refused_total')), 'red'),
      ],
    },
  ],
};

const mqtt: Row = {
  title: 'EMQX',
  panels: [
    {
      title: 'Connections opened',
      alerts: ['FleetwireBridgeReconnects'],
      good: [
        '0 after a start.',
        'Steady reconnects: a takeover by the same client id, or an event loop that is blocked.',
      ],
      unit: 'cps',
      queries: [line('{{pod}}', sumBy('pod', rate('fleetwire_bridge_mqtt_links_total')))],
    },
    {
      title: 'Connected, subscribed',
      alerts: ['FleetwireBridgeNotSubscribed'],
      good: ['Both at the number of connections of a replica.'],
      unit: 'short',
      queries: [
        line('connected, {{pod}}', sumBy('pod', of('fleetwire_bridge_mqtt_connected'))),
        line('subscribed, {{pod}}', sumBy('pod', of('fleetwire_bridge_mqtt_subscribed'))),
      ],
    },
    {
      title: 'Window wanted and granted',
      alerts: ['FleetwireBrokerWindowSmaller'],
      good: ['Granted is not below wanted; else raise max_inflight of EMQX’s zone.'],
      unit: 'short',
      queries: [
        line('wanted', max(of('fleetwire_bridge_window_frames')), 'blue'),
        line('granted', min(of('fleetwire_bridge_broker_receive_maximum')), 'green'),
      ],
    },
    {
      title: 'Answers to vehicles',
      good: ['Sent follows logins and heartbeats.', 'Dropped answers make cars send again.'],
      unit: 'cps',
      queries: [
        line('sent', sum(rate('fleetwire_bridge_answers_sent_total')), 'green'),
        line('dropped', sum(rate('fleetwire_bridge_answers_dropped_total')), 'orange'),
        line('refused by EMQX', sum(rate('fleetwire_bridge_answers_refused_total')), 'red'),
      ],
    },
  ],
};

export const bridge: Dashboard = {
  name: 'bridge',
  title: 'Bridge',
  about: 'MQTT in, Kafka out: readiness, windows, batches, connections, process.',
  podsOf: 'fleetwire_build_info{service="bridge"}',
  rows: [now, saturation, ledger, codecsRow, kafka, mqtt, trackRow, processRow('bridge')],
};
