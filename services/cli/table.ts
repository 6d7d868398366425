// Columns that line up: words to the left, numbers to the right.

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** The titles, then a line for each row; nothing at the end of a line. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, at) => {
    return Math.max(...[titles, ...rows].map((row) => (row[at] ?? '').length));
  });
  return [titles, ...rows].map((row) =>
    columns
      .map(({ align }, at) => {
        const cell = row[at] ?? '';
        return align === 'left' ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!);
      })
      .join('  ')
      .trimEnd(),
  );
}
