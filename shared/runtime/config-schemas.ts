// The kinds of value a setting can have: text in, typed value out, and what to want in words.

import { accessSync, constants, statSync } from 'node:fs';
import { z } from 'zod';
import type { SettingSchema } from './config.ts';

export interface IntegerBounds {
  readonly min: number;
  readonly max: number;
  /** As printed beside the range: `ms`, `bytes`, `frames`. */
  readonly unit: string;
}

export function integer({ min, max, unit }: IntegerBounds): SettingSchema<number> {
  return z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .describe(`an integer ${min}..${max} (${unit})`);
}

/** `true` or `false` alone: `yes`, `1` and `on` mean different things to different tools. */
export function flag(): SettingSchema<boolean> {
  return z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .describe('true or false') as SettingSchema<boolean>;
}

/** `wanted` says in words what the text is: `a user name`. */
export function text(wanted = 'a text'): SettingSchema<string> {
  return z.string().min(1).describe(wanted);
}

export function matching(pattern: RegExp, wanted: string): SettingSchema<string> {
  return z.string().regex(pattern).describe(wanted);
}

export function choice<const Value extends string>(
  values: readonly [Value, ...Value[]],
): SettingSchema<Value> {
  const wanted = values.length === 1 ? values[0] : `one of ${values.join(', ')}`;
  return z.enum(values).describe(wanted) as unknown as SettingSchema<Value>;
}

/** `protocols` without the colon: `url(['mqtt', 'mqtts'])`. Stays text; credentials are allowed. */
export function url(protocols: readonly string[]): SettingSchema<string> {
  return z
    .string()
    .refine((value) => isUrl(value, protocols))
    .describe(`a URL that starts with ${protocols.map((name) => `${name}://`).join(' or ')}`);
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  const parsed = URL.parse(value);
  return parsed !== null && parsed.host !== '' && protocols.includes(parsed.protocol.slice(0, -1));
}

/** Parts separated by commas, blanks around them dropped; at least one, none empty. */
export function list(wanted = 'a list separated by commas'): SettingSchema<readonly string[]> {
  return z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().min(1)).min(1))
    .describe(wanted) as SettingSchema<readonly string[]>;
}

/** JSON text of the given shape; `wanted` names it: `a JSON list of routes`. */
export function json<T>(schema: z.ZodType<T>, wanted = 'JSON'): SettingSchema<T> {
  return z
    .string()
    .transform((value, context) => {
      try {
        return JSON.parse(value) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema)
    .describe(wanted) as SettingSchema<T>;
}

/** The path of a file that can be read now: a wrong mount stops the start, not the first use. */
export function filePath(): SettingSchema<string> {
  return z.string().refine(isReadableFile).describe('the path of a readable file');
}

/** The path of a folder that can be read now. */
export function folderPath(): SettingSchema<string> {
  return z.string().refine(isReadableFolder).describe('the path of a readable folder');
}

function isReadableFolder(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isReadableFile(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
