// Certificates that Node itself, and through it OpenSSL, takes for good.

import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createAuthority } from '#deploy/local/certificates.ts';

test('what an authority issues is signed by it, for its subject on loopback, with the key beside it', () => {
  const authority = createAuthority('an authority');
  const ca = new X509Certificate(authority.certPem);
  const { certPem, keyPem } = authority.issue('FWREV1A0XT1000001');
  const issued = new X509Certificate(certPem);
  assert.equal(ca.ca, true);
  assert.equal(issued.ca, false);
  assert.ok(issued.verify(ca.publicKey) && ca.verify(ca.publicKey));
  assert.ok(issued.checkIssued(ca));
  assert.equal(issued.subject, 'CN=FWREV1A0XT1000001');
  assert.equal(issued.checkIP('127.0.0.1'), '127.0.0.1');
  assert.equal(issued.checkHost('localhost'), 'localhost');
  assert.ok(issued.checkPrivateKey(createPrivateKey(keyPem)));
  const now = Date.now();
  assert.ok(issued.validFromDate.getTime() < now && now < issued.validToDate.getTime());
});

test('another authority of the same name did not sign it', () => {
  const issued = new X509Certificate(createAuthority('same').issue('a').certPem);
  const other = new X509Certificate(createAuthority('same').certPem);
  assert.equal(issued.verify(other.publicKey), false);
});
