// The bodies of JT/T 808 as tables of their fields: the small ones, and the table of all. A body
// without a row here is kept as bytes.

import {
  type BodyLayout,
  bcd,
  bothEditions,
  byte,
  bytes,
  choice,
  dword,
  type Edition,
  type Element,
  text,
  word,
} from './layout.ts';
import { largeBodies } from './layout-large-bodies.ts';

const answerSeq = word('answerSeq', 'Serial of the message that is answered.');
const ids = (element: 'word' | 'dword', meaning: string): Element => ({
  kind: 'values',
  name: 'ids',
  countName: 'count',
  element: element === 'word' ? word('', meaning) : dword('', meaning),
});

const generalAnswer = (results: Readonly<Record<number, string>>): readonly Element[] => [
  answerSeq,
  word('answerId', 'Id of the message that is answered.'),
  choice('result', results, 'What became of it.'),
];

const results = { 0: 'ok', 1: 'failed', 2: 'wrong_message', 3: 'not_supported' };

const partsRequest = (sizeOfCount: 'byte' | 'word'): readonly Element[] => {
  const countOf = sizeOfCount === 'byte' ? byte : word;
  return [
    word('originalSeq', 'Serial of the first part.'),
    countOf('count', 'Parts that follow.', { role: 'count' }),
    ids('word', 'Number of a part, from 1.'),
  ];
};

const register = (
  form: '2011' | '2013' | '2019',
  sizes: { readonly maker: number; readonly model: number; readonly terminal: number },
): readonly Element[] => [
  word('province', 'GB/T 2260, first two digits.'),
  word('city', 'GB/T 2260, last four digits.'),
  text('manufacturer', sizes.maker, 'Code of the maker.'),
  {
    ...text('model', sizes.model, 'By its maker.'),
    padding: form === '2011' ? 'zerosAndSpaces' : 'zeros',
  },
  text('terminalId', sizes.terminal, 'Letters and digits, by the maker.'),
  choice('plateColor', plateColors, '0 without a plate.'),
  text('plate', 'rest', 'Plate, or the VIN where there is none.'),
];

const plateColors = {
  0: 'none',
  1: 'blue',
  2: 'yellow',
  3: 'black',
  4: 'white',
  5: 'green',
  9: 'other',
};

/** Of a register body: 2013 reads as 2011 what is too short for 2013. */
export const register2011: readonly Element[] = register('2011', {
  maker: 5,
  model: 8,
  terminal: 7,
});
export const register2011SizeMin = 25;
export const register2013SizeMin = 37;

const authCode = (extent: 'rest' | { readonly sizeName: string }): Element => ({
  ...text('authCode', extent, 'As the platform gave it.'),
  isSecret: true,
});

const upgradeTypes = { 0: 'terminal', 12: 'ic_card_reader', 52: 'gnss_module' };

const rsaKey: readonly Element[] = [
  dword('exponent', 'e of the key {e, n}.'),
  bytes('modulus', 128, 'n of the key {e, n}.'),
];

const clause = (section: string): string => `JT/T 808-2013 8.${section}`;

const until2013: readonly Edition[] = ['2013'];
const from2019: readonly Edition[] = ['2019'];

type Rest = Partial<Pick<BodyLayout, 'editions' | 'end'>>;

const body = (
  id: number,
  kind: string,
  section: string,
  elements: readonly Element[],
  rest: Rest = {},
): BodyLayout => ({
  ...{ id, kind, editions: bothEditions, clause: clause(section), end: 'open', elements },
  ...rest,
});

const exact: Rest = { end: 'exact' };
const empty = (id: number, section: string) => body(id, 'empty', section, [], exact);

const smallBodies: readonly BodyLayout[] = [
  body(0x0001, 'generalAnswer', '1', generalAnswer(results), exact),
  body(0x8001, 'generalAnswer', '2', generalAnswer({ ...results, 4: 'alarm_confirmed' }), exact),
  empty(0x0002, '3'),
  empty(0x0003, '7'),
  { ...empty(0x0004, ''), clause: 'JT/T 808-2019' },
  empty(0x8104, '10'),
  empty(0x8107, '14'),
  empty(0x8201, '19'),
  { ...empty(0x8204, ''), clause: 'JT/T 808-2019' },
  empty(0x8702, '46'),
  {
    ...body(0x8004, 'serverTime', '', [bcd('serverTimeBcd', 6, 'UTC, not GMT+8.')]),
    clause: 'JT/T 808-2019',
  },
  body(0x8003, 'partsRequest', '4', partsRequest('byte'), { ...exact, editions: until2013 }),
  body(0x8003, 'partsRequest', '4', partsRequest('word'), { ...exact, editions: from2019 }),
  {
    ...body(0x0005, 'partsRequest', '', partsRequest('word'), exact),
    clause: 'JT/T 808-2019',
  },
  body(0x0100, 'register', '5', register('2013', { maker: 5, model: 20, terminal: 7 }), {
    editions: until2013,
  }),
  {
    ...body(0x0100, 'register', '', register('2019', { maker: 11, model: 30, terminal: 30 })),
    editions: from2019,
    clause: 'JT/T 808-2019',
  },
  body(0x8100, 'registerAnswer', '6', [
    answerSeq,
    choice(
      'result',
      {
        0: 'ok',
        1: 'vehicle_registered',
        2: 'no_such_vehicle',
        3: 'terminal_registered',
        4: 'no_such_terminal',
      },
      'Whether it is registered.',
    ),
    authCode('rest'),
  ]),
  body(0x0102, 'auth', '8', [authCode('rest')], { editions: until2013 }),
  {
    ...body(0x0102, 'auth', '', [
      byte('codeLength', 'Bytes of the code.', { role: 'size' }),
      authCode({ sizeName: 'codeLength' }),
      text('imei', 15, 'IMEI of the terminal.'),
      text('softwareVersion', 20, 'By its maker.'),
    ]),
    editions: from2019,
    clause: 'JT/T 808-2019',
  },
  body(0x0108, 'upgradeResult', '17', [
    choice('upgradeType', upgradeTypes, 'What was upgraded.'),
    choice('result', { 0: 'ok', 1: 'failed', 2: 'cancelled' }, 'How it ended.'),
  ]),
  body(0x0301, 'eventReport', '25', [byte('eventId', 'As the platform set it.')]),
  body(0x0302, 'questionAnswer', '27', [answerSeq, byte('answerId', 'As in the question.')]),
  body(0x0303, 'infoDemand', '29', [
    byte('infoType', 'As in the menu.'),
    choice('action', { 0: 'cancel', 1: 'on_demand' }, 'What is wanted.'),
  ]),
  {
    ...body(0x0608, 'areaAnswer', '', [
      choice('queryType', { 1: 'circle', 2: 'rectangle', 3: 'polygon', 4: 'route' }, 'Of what.'),
      dword('count', 'Areas or routes.'),
      bytes('data', 'rest', 'As they were set.'),
    ]),
    clause: 'JT/T 808-2019',
  },
  body(0x0700, 'recorder', '43', [
    answerSeq,
    byte('command', 'GB/T 19056: what was asked for.'),
    bytes('data', 'rest', 'GB/T 19056: a data block.'),
  ]),
  body(0x0701, 'waybill', '45', [
    dword('length', 'Bytes of the waybill.'),
    bytes('data', 'rest', 'The waybill.'),
  ]),
  body(
    0x0805,
    'cameraAnswer',
    '54',
    [
      answerSeq,
      choice('result', { 0: 'ok', 1: 'failed', 2: 'channel_not_supported' }, 'How it ended.'),
      {
        kind: 'maybe',
        firm: { name: 'result', value: 0, isNeeded: true },
        elements: [
          word('count', 'Media that follow.', { role: 'count' }),
          ids('dword', 'Id of a medium.'),
        ],
      },
    ],
    exact,
  ),
  body(0x0900, 'transparent', '61', [
    byte('type', '0x00 GNSS, 0x0B IC card, 0x41 and 0x42 serial ports, 0xF0 and above the user.'),
    bytes('data', 'rest', 'As it came.'),
  ]),
  body(0x0901, 'compressed', '62', [
    dword('length', 'Bytes that follow.'),
    bytes('data', 'rest', 'GZIP.'),
  ]),
  body(0x0a00, 'rsaKey', '64', rsaKey),
  body(0x8a00, 'rsaKey', '63', rsaKey),
];

export const bodyLayouts: readonly BodyLayout[] = [...smallBodies, ...largeBodies];

const byIdAndEdition = new Map(
  bodyLayouts.flatMap((layout) =>
    layout.editions.map((edition) => [keyOf(layout.id, edition), layout] as const),
  ),
);

/** Null for a message whose body is kept as bytes. */
export function bodyLayout(id: number, edition: Edition): BodyLayout | null {
  return byIdAndEdition.get(keyOf(id, edition)) ?? null;
}

function keyOf(id: number, edition: Edition): number {
  return edition === '2019' ? id + 0x1_0000 : id;
}
