// A report for tools. The shape is described in services/cli/README.md and only ever gains fields.

import { brokenRules, type Report } from './report.ts';

export function reportJson(report: Report): object {
  const { messageCount, frameCount, byteCount, vehicles, codecs, tallies } = report;
  return {
    conforms: messageCount > 0 && brokenRules(report).length === 0,
    messageCount,
    frameCount,
    byteCount,
    vehicleCount: vehicles.size,
    codecs: Object.fromEntries(codecs),
    rules: [...tallies.values()].map(({ rule, checkedCount, foundCount, subjects }) => ({
      ...rule,
      checkedCount,
      foundCount,
      subjects: [...subjects].map(([subject, { count, findings }]) => ({
        subject,
        count,
        findings: findings.map(({ line, offset, detail }) => ({ line, offset, detail })),
      })),
    })),
  };
}
