// The README's settings table, written from the table that the program reads.

import type { Setting, SettingsTable } from './config.ts';

/** Goes between `<!-- settings -->` and `<!-- /settings -->`; no newline at its ends. */
export function settingsMarkdown(table: SettingsTable): string {
  const rows = Object.values(table).map(
    (entry) =>
      `| \`${entry.name}\` | ${defaultOf(entry)} | ${meaningOf(entry)} | ${code(entry.example)} |`,
  );
  return ['| name | default | meaning | example |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function defaultOf(entry: Setting<unknown>): string {
  if (entry.default !== undefined) return code(entry.default);
  return entry.isOptional ? 'none' : '**required**';
}

function meaningOf(entry: Setting<unknown>): string {
  const wanted = entry.schema.description ?? '';
  const kind = wanted === '' ? '' : ` ${wanted[0]!.toUpperCase()}${wanted.slice(1)}.`;
  const secret = entry.isSecret ? ` Secret: \`${entry.name}_FILE\` may name a file instead.` : '';
  return escaped(`${entry.doc}${kind}${secret}`);
}

function code(text: string): string {
  return `\`${escaped(text)}\``;
}

/** A bar would end the cell. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
