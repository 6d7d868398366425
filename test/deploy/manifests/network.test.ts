// The simulator of NetworkPolicies answers as the standard says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Manifest, Tree } from '#deploy/check/manifests/manifest.ts';
import { type Endpoint, isAllowed, networkOf } from '#deploy/check/manifests/network.ts';

const policy = (name: string, spec: Tree): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'here' },
  spec,
});

const pod = (app: string, namespace = 'here'): Endpoint => ({
  name: app,
  namespace,
  labels: { app },
  ports: { web: 8080 },
});

const outside: Endpoint = { name: 'outside', namespace: '', labels: {}, ip: '203.0.113.9' };

const select = (app: string) => ({ podSelector: { matchLabels: { app } } });

function isOpen(policies: readonly Manifest[], from: Endpoint, to: Endpoint, port = 8080) {
  return isAllowed(networkOf(policies, 'here'), { from, to, port });
}

test('without a policy everything is open', () => {
  assert.ok(isOpen([], pod('a'), pod('b')));
  assert.ok(isOpen([], outside, pod('b')));
});

test('a policy that selects a pod shuts all that it does not name', () => {
  const deny = policy('deny', { podSelector: {}, policyTypes: ['Ingress'] });
  assert.ok(!isOpen([deny], pod('a'), pod('b')));
  assert.ok(!isOpen([deny], outside, pod('b')));
  assert.ok(isOpen([deny], pod('b'), pod('x', 'elsewhere')));
});

test('policies add up', () => {
  const deny = policy('deny', { podSelector: {}, policyTypes: ['Ingress'] });
  const ingress = [{ from: [select('a')], ports: [{ port: 8080 }] }];
  const allow = policy('allow', { ...select('b'), policyTypes: ['Ingress'], ingress });
  assert.ok(isOpen([deny, allow], pod('a'), pod('b')));
  assert.ok(!isOpen([deny, allow], pod('a'), pod('b'), 8081));
  assert.ok(!isOpen([deny, allow], pod('c'), pod('b')));
});

test('a pod selector alone means the policy’s own namespace', () => {
  const ingress = [{ from: [select('a')] }];
  const allow = policy('allow', { podSelector: {}, policyTypes: ['Ingress'], ingress });
  assert.ok(isOpen([allow], pod('a'), pod('b')));
  assert.ok(!isOpen([allow], pod('a', 'elsewhere'), pod('b')));
});

test('namespace and pod selector in one peer both hold; in two, either', () => {
  const watch = { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } };
  const both = [{ from: [{ namespaceSelector: watch, ...select('prometheus') }] }];
  const either = [{ from: [{ namespaceSelector: watch }, select('prometheus')] }];
  const rule = (ingress: Tree) =>
    policy('allow', { podSelector: {}, policyTypes: ['Ingress'], ingress });
  assert.ok(isOpen([rule(both)], pod('prometheus', 'monitoring'), pod('b')));
  assert.ok(!isOpen([rule(both)], pod('grafana', 'monitoring'), pod('b')));
  assert.ok(isOpen([rule(either)], pod('grafana', 'monitoring'), pod('b')));
  assert.ok(isOpen([rule(either)], pod('prometheus'), pod('b')));
});

test('both ends must let it through', () => {
  const egress = policy('out', { ...select('a'), policyTypes: ['Egress'], egress: [] });
  assert.ok(!isOpen([egress], pod('a'), pod('b')));
  assert.ok(isOpen([egress], pod('c'), pod('b')));
});

test('ports by name and by range', () => {
  const rule = (port: Tree) =>
    policy('allow', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [port] }] });
  assert.ok(isOpen([rule({ port: 'web' })], pod('a'), pod('b'), 8080));
  assert.ok(!isOpen([rule({ port: 'web' })], pod('a'), pod('b'), 9090));
  assert.ok(isOpen([rule({ port: 8000, endPort: 8100 })], pod('a'), pod('b'), 8080));
  assert.ok(!isOpen([rule({ port: 8080, protocol: 'UDP' })], pod('a'), pod('b'), 8080));
});

test('blocks of addresses reach what is outside, exceptions taken out', () => {
  const block = { cidr: '203.0.113.0/24', except: ['203.0.113.8/29'] };
  const to = (ipBlock: Tree) =>
    policy('out', { ...select('a'), policyTypes: ['Egress'], egress: [{ to: [{ ipBlock }] }] });
  assert.ok(isOpen([to({ cidr: '203.0.113.0/24' })], pod('a'), outside));
  assert.ok(!isOpen([to(block)], pod('a'), outside));
  assert.ok(!isOpen([to({ cidr: '198.51.100.0/24' })], pod('a'), outside));
  assert.ok(!isOpen([to({ cidr: '0.0.0.0/0' })], pod('a'), pod('b')));
});

test('a listener of Kafka is open to its peers, and to all where it names none', () => {
  const kafka = (listener: Tree): Manifest => ({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'Kafka',
    metadata: { name: 'k', namespace: 'here' },
    spec: { kafka: { listeners: [{ name: 'tls', port: 9093, ...listener }] } },
  });
  const labels = { 'strimzi.io/cluster': 'k', 'strimzi.io/name': 'k-kafka' };
  const broker: Endpoint = { name: 'broker', namespace: 'here', labels };
  assert.ok(isOpen([kafka({})], outside, broker, 9093));
  const held = kafka({ networkPolicyPeers: [select('a')] });
  assert.ok(isOpen([held], pod('a'), broker, 9093));
  assert.ok(!isOpen([held], pod('c'), broker, 9093));
});
