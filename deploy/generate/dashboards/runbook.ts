// Where the page of an alert is: `FleetwireLedgerUnbalanced` has `ledger-unbalanced.md`.

const runbooks = 'https://github.com/fleetwire/fleetwire/blob/main/docs/runbooks';

export function runbookUrl(alert: string): string {
  const words = alert.replace(/^Fleetwire/, '').replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`);
  return `${runbooks}/${words.toLowerCase()}.md`;
}
