// Settings from the environment: one table per service, every fault told at once.
// Knows no domain: what a setting means is said by the table that holds it.

import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { nearest } from './nearest.ts';

/** Text as found in the environment goes in, the typed value comes out. */
export type SettingSchema<T> = z.ZodType<T, string>;

export interface Setting<T> {
  /** Of the environment variable; the owner first: `BRIDGE_BATCH_AGE_MS`. */
  readonly name: string;
  /** Its `.describe()` text is what a fault wants: `an integer 1..5000 (ms)`. */
  readonly schema: SettingSchema<T>;
  readonly example: string;
  /** One sentence for the README: what it changes and why one would. */
  readonly doc: string;
  /** As it would be typed in the environment; undefined: none. */
  readonly default: string | undefined;
  readonly isOptional: boolean;
  /** Never printed; may also come from the file that `<NAME>_FILE` names. */
  readonly isSecret: boolean;
}

interface SettingSpec<T> {
  readonly name: string;
  readonly schema: SettingSchema<T>;
  readonly example: string | number | boolean;
  readonly doc: string;
  readonly secret?: boolean;
}

interface Defaulted {
  readonly default?: string | number | boolean;
  readonly optional?: false;
}

interface Optional {
  readonly optional: true;
}

/** Required unless it has a `default` or is `optional` (then undefined when not set). */
export function setting<T>(spec: SettingSpec<T> & Optional): Setting<T | undefined>;
export function setting<T>(spec: SettingSpec<T> & Defaulted): Setting<T>;
export function setting<T>(spec: SettingSpec<T> & (Defaulted | Optional)): Setting<T | undefined> {
  const standard = 'default' in spec ? spec.default : undefined;
  return {
    name: spec.name,
    schema: spec.schema as SettingSchema<T | undefined>,
    example: String(spec.example),
    doc: spec.doc,
    default: standard === undefined ? undefined : String(standard),
    isOptional: spec.optional === true,
    isSecret: spec.secret === true,
  };
}

/** Property of the config object → setting. Tables of several rooms are joined by spreading. */
// biome-ignore lint/suspicious/noExplicitAny: a table holds settings of every value type.
export type SettingsTable = Readonly<Record<string, Setting<any>>>;

export type ConfigOf<Table extends SettingsTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer T> ? T : never;
};

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadOptions {
  readonly env: Environment;
  /** Without `_`: their unknown names are faults too, as those of the table's prefixes are. */
  readonly prefixes?: readonly string[];
}

/**
 * Reads every setting of the table. An empty value counts as not set, since Compose and Kubernetes
 * pass empty values for what nobody gave.
 * Throws ConfigError with all faults at once: bad values, missing ones, unknown names.
 */
export function loadConfig<Table extends SettingsTable>(
  table: Table,
  options: LoadOptions,
): ConfigOf<Table> {
  const faults: ConfigFault[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(table)) {
    const found = readSetting(entry, options.env);
    if (found.kind === 'fault') faults.push(found.fault);
    else config[key] = found.value;
  }
  faults.push(...unknownNames(table, options));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config) as ConfigOf<Table>;
}

export interface ConfigFault {
  readonly name: string;
  /** One line: name, value as found (secrets masked), what is wanted, an example. */
  readonly text: string;
}

/** Bad configuration; `runMain` prints its message and exits with 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    const lines = faults.map((fault) => `  ${fault.text}`);
    super([`The configuration has ${count}:`, ...lines].join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

type Found =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'fault'; readonly fault: ConfigFault };

function readSetting(entry: Setting<unknown>, env: Environment): Found {
  const text = readText(entry, env);
  if (typeof text === 'object') return { kind: 'fault', fault: text };
  if (text === undefined) {
    if (entry.isOptional) return { kind: 'value', value: undefined };
    return faultOf(entry, `${entry.name} is not set: ${wanted(entry)}`);
  }
  const parsed = entry.schema.safeParse(text);
  if (parsed.success) return { kind: 'value', value: parsed.data };
  const details = entry.isSecret ? '' : detailsOf(parsed.error);
  return faultOf(entry, `${entry.name}="${shown(entry, text)}": ${wanted(entry)}${details}`);
}

/** The setting's text, from the environment, the file of a secret or the default. */
function readText(entry: Setting<unknown>, env: Environment): string | undefined | ConfigFault {
  const direct = env[entry.name] || undefined;
  const path = entry.isSecret ? env[`${entry.name}_FILE`] || undefined : undefined;
  if (path === undefined) return direct ?? entry.default;
  const name = `${entry.name}_FILE`;
  if (direct !== undefined) {
    return { name, text: `${name}="${path}": want ${entry.name} or ${name}, found both` };
  }
  try {
    // Editors and `echo` end a file with a newline that is no part of the secret.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return { name, text: `${name}="${path}": want a readable file, found ${code}` };
  }
}

function faultOf(entry: Setting<unknown>, text: string): Found {
  return { kind: 'fault', fault: { name: entry.name, text } };
}

function wanted(entry: Setting<unknown>): string {
  return `want ${entry.schema.description ?? 'another value'}, for example ${entry.example}`;
}

const shownCharsMax = 120;

function shown(entry: Setting<unknown>, text: string): string {
  if (entry.isSecret) return '***';
  // A URL may carry a password even where the setting itself is no secret.
  const masked = text.replace(/(\/\/[^:@/\s]*):[^@/\s]*@/g, '$1:***@');
  return masked.length > shownCharsMax ? `${masked.slice(0, shownCharsMax)}…` : masked;
}

/** Where inside a structured value (JSON) the fault is; a plain value is its own place. */
function detailsOf(error: z.ZodError): string {
  const places = error.issues
    .filter((issue) => issue.path.length > 0)
    .map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return places.length === 0 ? '' : ` (${places.join('; ')})`;
}

function unknownNames(table: SettingsTable, options: LoadOptions): ConfigFault[] {
  const known = new Set<string>();
  for (const { name, isSecret } of Object.values(table)) {
    known.add(name);
    if (isSecret) known.add(`${name}_FILE`);
  }
  const prefixes = new Set([...known].map(prefixOf).concat(options.prefixes ?? []));
  return Object.entries(options.env)
    .filter(([name]) => prefixes.has(prefixOf(name)) && !known.has(name))
    .filter(([name, value]) => !isServiceLink(name, value ?? ''))
    .map(([name]) => ({ name, text: unknownText(name, [...known]) }));
}

/** The value stays out of the text: a misspelt password is still a password. */
function unknownText(name: string, known: readonly string[]): string {
  const likely = nearest(name, known);
  const hint = likely === undefined ? 'no setting has a name like it' : `did you mean ${likely}?`;
  return `${name} is not a setting here: ${hint}`;
}

function prefixOf(name: string): string {
  const end = name.indexOf('_');
  return end === -1 ? name : name.slice(0, end);
}

const serviceLink = /_SERVICE_HOST$|_SERVICE_PORT(_|$)|_PORT_\d+_(TCP|UDP|SCTP)(_|$)/;

/**
 * Kubernetes injects KAFKA_SERVICE_HOST, KAFKA_PORT=tcp://… and KAFKA_PORT_9092_TCP_ADDR into every
 * pod beside a Service called kafka: nobody typed them, so they are no misspelt settings.
 */
function isServiceLink(name: string, value: string): boolean {
  return serviceLink.test(name) || (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value));
}
