// Markdown as the generated pages use it.

/** Rows of cells below their titles. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => {
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  };
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Parts with an empty line between them, and the line break at the end. */
export function page(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** `0x0A`, with as many digits as bytes want. */
export function hex(value: number, size = 1): string {
  return `0x${value
    .toString(16)
    .toUpperCase()
    .padStart(2 * size, '0')}`;
}
