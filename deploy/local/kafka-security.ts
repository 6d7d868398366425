// A second listener for the stack's Kafka that wants TLS and SASL; the plain one stays for the
// stack itself.
import { HOST } from './ports.ts';

export interface KafkaSecurity {
  readonly port: number;
  /** PEM file: key and certificate of the broker. */
  readonly keyStoreFile: string;
  /** The one user, known by SCRAM-SHA-512. */
  readonly username: string;
  readonly password: string;
}

type Settings = Readonly<Record<string, string | number | boolean>>;

/** What server.properties must say on top of `plain`. */
export function securedSettings(plain: Settings, security: KafkaSecurity): Settings {
  const listener = `SASL_SSL://${HOST}:${security.port}`;
  const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const protocols = plain['listener.security.protocol.map'];
  return {
    listeners: `${plain['listeners']},${listener}`,
    'advertised.listeners': `${plain['advertised.listeners']},${listener}`,
    'listener.security.protocol.map': `${protocols},SASL_SSL:SASL_SSL`,
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': login,
    // Everybody may everything until a test takes a right from the user of this listener.
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': true,
    'super.users': 'User:ANONYMOUS',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': security.keyStoreFile,
  };
}

/** For `kafka.tools.StorageTool format`: without a user in it nobody could sign in. */
export function scramArguments({ username, password }: KafkaSecurity): readonly string[] {
  return ['--add-scram', `SCRAM-SHA-512=[name=${username},password=${password}]`];
}
