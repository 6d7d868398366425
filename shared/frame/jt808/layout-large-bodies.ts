// The larger bodies of JT/T 808 as tables of their fields: locations, batches, drivers, CAN frames,
// parameters and media.

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
  type LocationField,
  text,
  word,
} from './layout.ts';

const answerSeq = word('answerSeq', 'Serial of the message that is answered.');

const wholeLocation: LocationField = {
  kind: 'location',
  name: 'location',
  extent: 'rest',
  meaning: 'As in 0x0200.',
};

const basicLocation: LocationField = {
  ...wholeLocation,
  extent: 'basic',
  meaning: 'The basic part of 0x0200.',
};

const count = (meaning: string) => word('count', meaning, { role: 'count' });

const parameters: readonly Element[] = [
  byte('count', 'Parameters that follow.', { role: 'count' }),
  {
    kind: 'records',
    name: 'params',
    countName: 'count',
    entry: [
      dword('id', 'Of the parameter, table 12.'),
      byte('length', 'Bytes of its value.', { role: 'size' }),
      bytes('value', { sizeName: 'length' }, 'As the terminal keeps it.'),
    ],
  },
];

const driverCard = (idCard: readonly Element[]): readonly Element[] => [
  choice('status', { 1: 'card_in', 2: 'card_out' }, 'What happened.'),
  { kind: 'time', name: 'time', meaning: 'When it happened.' },
  {
    kind: 'maybe',
    firm: null,
    elements: [
      choice('icResult', icResults, 'How the card could be read.'),
      {
        kind: 'maybe',
        firm: { name: 'icResult', value: 0, isNeeded: false },
        elements: [
          byte('nameLength', 'Bytes of the name.', { role: 'size' }),
          text('driverName', { sizeName: 'nameLength' }, 'Of the driver.'),
          text('certificate', 20, 'Of qualification, padded with 0x00.'),
          byte('issuerLength', 'Bytes of the issuer.', { role: 'size' }),
          text('issuer', { sizeName: 'issuerLength' }, 'Of the certificate.'),
          bcd('expiryBcd', 4, 'YYYYMMDD.'),
          ...idCard,
        ],
      },
    ],
  },
];

const icResults = {
  0: 'ok',
  1: 'key_failed',
  2: 'locked',
  3: 'pulled_out',
  4: 'checksum_failed',
};

const idCard2019: readonly Element[] = [
  { kind: 'maybe', firm: null, elements: [text('idNumber', 20, '2019: of the identity card.')] },
];

const attributes = (sizes: {
  readonly model: number;
  readonly terminal: number;
}): readonly Element[] => [
  word('terminalType', 'A bit for each use and shape.'),
  text('manufacturer', 5, 'Code of the maker.'),
  text('model', sizes.model, 'By its maker.'),
  text('terminalId', sizes.terminal, 'Letters and digits, by the maker.'),
  bcd('iccidBcd', 10, 'Of the SIM card.'),
  byte('hardwareLength', 'Bytes of the version.', { role: 'size' }),
  text('hardwareVersion', { sizeName: 'hardwareLength' }, 'By its maker.'),
  byte('firmwareLength', 'Bytes of the version.', { role: 'size' }),
  text('firmwareVersion', { sizeName: 'firmwareLength' }, 'By its maker.'),
  byte('gnss', 'A bit each: GPS, BeiDou, GLONASS, Galileo.'),
  byte('communication', 'A bit each: GPRS, CDMA, TD-SCDMA, WCDMA, CDMA2000, TD-LTE, bit 7 other.'),
];

const mediaTypes = { 0: 'picture', 1: 'audio', 2: 'video' };
const mediaType = choice('mediaType', mediaTypes, 'What it is.');
const mediaEvent = byte('event', '0 command, 1 timer, 2 robbery, 3 collision; more in 2019.');
const channel = byte('channel', 'Which camera or microphone.');

const media: readonly Element[] = [
  dword('mediaId', 'From 1.', { rawMin: 1 }),
  mediaType,
  byte('format', '0 JPEG, 1 TIF, 2 MP3, 3 WAV, 4 WMV; the rest is reserved.'),
  mediaEvent,
  channel,
];

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
  ...{ id, kind, editions: bothEditions, end: 'open', elements },
  clause: section === '' ? 'JT/T 808-2019' : `JT/T 808-2013 8.${section}`,
  ...rest,
});

const exact: Rest = { end: 'exact' };

export const largeBodies: readonly BodyLayout[] = [
  body(0x0200, 'location', '18', [wholeLocation]),
  body(0x0201, 'locationAnswer', '20', [answerSeq, wholeLocation]),
  body(0x0500, 'locationAnswer', '34', [answerSeq, wholeLocation]),
  body(
    0x0704,
    'batch',
    '48',
    [
      count('Locations that follow.'),
      choice(
        'dataType',
        { 0: 'normal', 1: 'backfill' },
        'Live, or kept while there was no network.',
      ),
      {
        kind: 'locations',
        name: 'items',
        countName: 'count',
        meaning: 'Length WORD, then as in 0x0200.',
      },
    ],
    exact,
  ),
  body(
    0x0705,
    'can',
    '49',
    [
      count('Frames that follow.'),
      bcd('receiveTimeBcd', 5, 'Of the first frame: hhmmss and four digits, without a date.'),
      {
        kind: 'records',
        name: 'frames',
        countName: 'count',
        entry: [
          dword('raw', 'Bit 31 channel, 30 extended, 29 averaged, 28 to 0 the id.'),
          bytes('data', 8, 'Of the frame.'),
        ],
      },
    ],
    exact,
  ),
  body(0x0702, 'driver', '47', driverCard([]), { editions: until2013 }),
  body(0x0702, 'driver', '', driverCard(idCard2019), { editions: from2019 }),
  body(0x0107, 'attributes', '15', attributes({ model: 20, terminal: 7 }), {
    editions: until2013,
  }),
  body(0x0107, 'attributes', '', attributes({ model: 30, terminal: 30 }), { editions: from2019 }),
  body(0x0104, 'parameters', '12', [answerSeq, ...parameters], exact),
  body(0x8103, 'parameterSetting', '9', parameters, exact),
  body(0x0800, 'mediaEvent', '50', media),
  body(0x0801, 'media', '51', [
    ...media,
    basicLocation,
    bytes('data', 'rest', 'The picture, sound or video.'),
  ]),
  body(0x0802, 'mediaSearchAnswer', '56', [
    answerSeq,
    count('Media that follow.'),
    {
      kind: 'records',
      name: 'items',
      countName: 'count',
      entry: [
        dword('mediaId', 'From 1.', { rawMin: 1 }),
        mediaType,
        channel,
        mediaEvent,
        basicLocation,
      ],
    },
  ]),
];
