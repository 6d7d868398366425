// The pages of docs/frames: a byte table for each codec, and the page that lists them.

import { edition2016, edition2025 } from '#shared/frame/gb32960/editions.ts';
import { page, table } from '../markdown.ts';
import { gatewayPage } from './gateway-page.ts';
import { gb32960Page } from './gb32960-page.ts';
import { jsonPage } from './json-page.ts';
import { jt808GatewayPage } from './jt808-gateway-page.ts';
import { jt808Page } from './jt808-page.ts';
import { presencePage } from './presence-page.ts';

interface FramePage {
  readonly name: string;
  readonly title: string;
  readonly codecs: string;
  readonly source: () => string;
}

const pages: readonly FramePage[] = [
  {
    name: 'gb32960-2016',
    title: 'GB/T 32960.3-2016',
    codecs: '`gb32960`, frames that begin with `23 23`',
    source: () => gb32960Page(edition2016),
  },
  {
    name: 'gb32960-2025',
    title: 'GB/T 32960.3-2025',
    codecs: '`gb32960`, frames that begin with `24 24`',
    source: () => gb32960Page(edition2025),
  },
  {
    name: 'jt808',
    title: 'JT/T 808 of 2011, 2013 and 2019',
    codecs: '`jt808`',
    source: jt808Page,
  },
  { name: 'json', title: 'JSON envelope, version 1', codecs: '`json`', source: jsonPage },
  {
    name: 'gb32960-gateway',
    title: "JSON of EMQX's GB/T 32960 gateway",
    codecs: '`gb32960-gateway`',
    source: gatewayPage,
  },
  {
    name: 'jt808-gateway',
    title: "JSON of EMQX's JT/T 808 gateway",
    codecs: '`jt808-gateway`',
    source: jt808GatewayPage,
  },
  {
    name: 'presence',
    title: "EMQX's client events",
    codecs: '`presence`',
    source: presencePage,
  },
];

export const framePages = [
  { path: 'docs/frames/README.md', source: indexPage },
  ...pages.map(({ name, source }) => ({ path: `docs/frames/${name}.md`, source })),
];

function indexPage(): string {
  return page([
    '<!-- Written by `npm run generate`: see deploy/generate/frames. -->',
    '# Frames, byte by byte',
    `What a terminal sends, for whoever builds one. The pages are written from the tables by which \
fleetwire decodes, builds and explains frames, so they cannot say anything else. A vehicle \
publishes \
on \`v1/up/{vehicleId}/{codec}\`, QoS 1, one or more frames in a message.`,
    table(
      ['page', 'codec of the topic'],
      pages.map(({ name, title, codecs }) => [`[${title}](${name}.md)`, codecs]),
    ),
    `Any payload can be explained: \
[fleetwire explain](../../services/cli/README.md#explain). What the fields become: \
[topics](../topics.md). Why a frame is refused: [reasons](../reasons.md).`,
  ]);
}
