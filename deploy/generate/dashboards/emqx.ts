// The dashboard of EMQX, as far as frames and the bridge depend on it. Its names are EMQX's.

import { type Dashboard, mustBeZero, type Row } from './dashboard.ts';
import { line, max, maxBy, min, of, rate, sum } from './queries.ts';

const thrownOut = `${sum(rate('emqx_session_takenover'))} + ${sum(rate('emqx_session_discarded'))}`;

const now: Row = {
  title: 'Now',
  panels: [
    {
      kind: 'stat',
      title: 'Nodes running',
      alerts: ['FleetwireBrokerScrapeAbsent'],
      good: ['Cores and replicants of the tuning together.'],
      unit: 'short',
      queries: [line('nodes', max(of('emqx_cluster_nodes_running')))],
      limits: { side: 'below', attention: 2, trouble: 1 },
    },
    {
      kind: 'stat',
      title: 'Nodes stopped',
      good: ['0, but for seconds of an upgrade.', 'Nodes that disagree are a split cluster.'],
      unit: 'short',
      queries: [line('nodes', max(of('emqx_cluster_nodes_stopped')))],
      limits: mustBeZero,
    },
    {
      kind: 'stat',
      title: 'Vehicles connected',
      good: ['The shape of the day; the connections of the bridge are among them.'],
      unit: 'short',
      queries: [line('connections', sum(of('emqx_live_connections_count')))],
    },
    {
      kind: 'stat',
      title: 'Shared subscriptions',
      alerts: ['FleetwireNobodySubscribed'],
      good: ['Connections of all bridges × filters.', '0: frames are dropped.'],
      unit: 'short',
      queries: [line('members', max(of('emqx_subscriptions_shared_count')))],
      limits: { side: 'below', attention: 2, trouble: 1 },
    },
    {
      kind: 'stat',
      title: 'Listener certificate ends in',
      alerts: ['FleetwireCertificateExpires', 'FleetwireExpiryAtHand'],
      good: ['More than 14 days.', 'EMQX reads new files by itself within about two minutes.'],
      unit: 'dtdurations',
      queries: [line('until then', `${min(`${of('emqx_cert_expiry_at')} > 0`)} - time()`)],
      limits: { side: 'below', attention: 14 * 86_400, trouble: 2 * 86_400 },
    },
    {
      kind: 'stat',
      title: 'Licence ends in',
      alerts: ['FleetwireLicenceExpires', 'FleetwireExpiryAtHand'],
      good: ['More than 30 days; nothing where EMQX needs no licence.'],
      unit: 'dtdurations',
      queries: [line('until then', `${min(`${of('emqx_license_expiry_at')} > 0`)} - time()`)],
      limits: { side: 'below', attention: 30 * 86_400, trouble: 2 * 86_400 },
    },
  ],
};

const messages: Row = {
  title: 'Messages',
  panels: [
    {
      title: 'In and out',
      good: [
        'Out follows in: each message goes to one bridge.',
        'Answers to vehicles add to both.',
      ],
      unit: 'cps',
      queries: [
        line('received, QoS 1', sum(rate('emqx_messages_qos1_received')), 'blue'),
        line('sent, QoS 1', sum(rate('emqx_messages_qos1_sent')), 'green'),
        line('received, QoS 0: no promise', sum(rate('emqx_messages_qos0_received')), 'text'),
      ],
    },
    {
      title: 'Lost',
      alerts: ['FleetwireBrokerDropsQueueFull', 'FleetwireBrokerDropsNoSubscriber'],
      good: [
        '0.',
        'Queue full: bridges were away or slow for longer than the broker keeps frames.',
        'No subscribers: no bridge was there, or no route reads the topic.',
        'These frames were acknowledged to the vehicle, and only its own copy is left.',
      ],
      unit: 'cps',
      queries: [
        line('queue full', sum(rate('emqx_delivery_dropped_queue_full')), 'red'),
        line('no subscribers', sum(rate('emqx_messages_dropped_no_subscribers')), 'orange'),
      ],
      limits: mustBeZero,
    },
    {
      title: 'Dropped for other reasons',
      good: ['0.', 'Expired are answers that a vehicle did not fetch in time.'],
      unit: 'cps',
      queries: [
        line('expired', sum(rate('emqx_delivery_dropped_expired')), 'text'),
        line('larger than wanted', sum(rate('emqx_delivery_dropped_too_large')), 'orange'),
        line('QoS 0, receiver busy', sum(rate('emqx_delivery_dropped_qos0_msg')), 'blue'),
      ],
    },
    {
      title: 'Acknowledged',
      good: [
        'Follows what was sent at QoS 1.',
        'Below it, bridges hold their acknowledgements: Kafka is slow.',
      ],
      unit: 'cps',
      queries: [
        line('acknowledged', sum(rate('emqx_messages_acked')), 'green'),
        line('delivered', sum(rate('emqx_messages_delivered')), 'blue'),
      ],
    },
  ],
};

const clients: Row = {
  title: 'Vehicles',
  panels: [
    {
      kind: 'stacked',
      title: 'Connections, by node',
      good: [
        'Even.',
        'A node that came back fills slowly: vehicles move only when they reconnect.',
      ],
      unit: 'short',
      queries: [line('{{pod}}', of('emqx_live_connections_count'))],
    },
    {
      title: 'Coming and going',
      good: ['Equal, and small beside the connections.', 'A spike of both is a storm.'],
      unit: 'cps',
      queries: [
        line('connected', sum(rate('emqx_client_connected')), 'green'),
        line('disconnected', sum(rate('emqx_client_disconnected')), 'orange'),
        line('thrown out by the same id', thrownOut, 'red'),
      ],
    },
    {
      title: 'Refused',
      good: ['0.', 'Certificates that ended, or a T-Box that uses the topic of another vehicle.'],
      unit: 'cps',
      queries: [
        line('connections', sum(rate('emqx_packets_connack_auth_error')), 'red'),
        line('publishes', sum(rate('emqx_packets_publish_auth_error')), 'orange'),
      ],
    },
  ],
};

const nodes: Row = {
  title: 'Nodes',
  panels: [
    {
      title: 'CPU',
      good: ['Below 70 % in the rush hour, nodes alike.'],
      unit: 'percent',
      queries: [line('{{pod}}', of('emqx_vm_cpu_use'))],
      limits: { side: 'above', attention: 70, trouble: 90 },
    },
    {
      title: 'Run queue',
      good: ['Below the number of cores.'],
      unit: 'short',
      queries: [line('{{pod}}', of('emqx_vm_run_queue'))],
    },
    {
      title: 'Memory',
      good: ['Flat.', 'It rises while bridges hold acknowledgements: that is the queue.'],
      unit: 'bytes',
      queries: [line('{{pod}}', of('emqx_vm_used_memory'))],
    },
    {
      title: 'Replicants behind the cores',
      good: ['0, but for moments.'],
      unit: 'short',
      queries: [line('{{pod}}', maxBy('pod', of('emqx_mria_lag')))],
    },
  ],
};

export const emqx: Dashboard = {
  name: 'emqx',
  title: 'EMQX',
  about: 'The broker beside the bridge: connections, messages, losses, nodes.',
  podsOf: 'emqx_vm_cpu_use',
  rows: [now, messages, clients, nodes],
};
