// Reason codes of refused frames: what each means, and what to do.

import { jsonReasons } from './json-reasons.ts';
import type { RejectCode } from './outcome.ts';
import type { ReasonEntry } from './reasons.ts';
import { signatureReasons } from './signature-reasons.ts';

/** Codes of refused frames, in the order of the checks. */
export const refusedReasons: Readonly<Record<RejectCode, ReasonEntry>> = {
  topic_unknown: {
    meaning:
      "The MQTT topic fits no route, or the level that should hold the vehicle's id holds " +
      'none that can be used: it is missing, empty, longer than 128 characters, holds `+`, ' +
      '`#` or U+0000, or is no well-formed Unicode. The whole payload is one refused frame, ' +
      'with an empty `vehicleId`.',
    example: { topic: 'fleet/LTESTVN0000000001' },
    toDo:
      'publish on `v1/up/{vehicleId}/{codec}`, or have the topic added to the routes of the ' +
      'bridge.',
  },
  codec_unknown: {
    meaning:
      'The topic fits a route but for its last word, the codec: the vehicle is known, the ' +
      'format is not. The whole payload is one refused frame.',
    example: { topic: 'v1/up/LTESTVN0000000001/gb99999' },
    toDo: 'check the spelling of the codec; docs/frames has a page for each that can be read.',
  },
  payload_oversize: {
    meaning:
      'The payload is longer than the bridge accepts (64 KiB unless set otherwise) and was ' +
      'not read. Quarantine keeps it whole up to 1 MiB; beyond that the first MiB, the ' +
      'length in `payloadLength` and the SHA-256 of all of it in `payloadSha256`.',
    example: { words: 'any payload of 65,537 bytes.' },
    toDo:
      'send fewer frames in a message. One GB/T 32960 frame has at most 65,556 bytes, and a ' +
      'report of a car a few hundred.',
  },
  frame_empty: {
    meaning: 'The payload has no bytes.',
    example: { hex: '' },
    toDo: 'look for a publish without payload, often a test or a cleared retained message.',
  },
  frame_start: {
    meaning:
      'A frame begins with `23 23` (2016) or `24 24` (2025); here it does not. All bytes up ' +
      'to the next frame that holds are one refused frame, so bytes that were left behind a ' +
      'good frame end here too. JT/T 808: no flag `7E`, or bytes behind the last frame.',
    example: { hex: '2423 07 FE 4C54455354564E30303030303030303031 01 0000 BB' },
    toDo:
      'send the frame alone and from its first byte, as binary and not as hex or Base64 ' + 'text.',
  },
  frame_truncated: {
    meaning:
      'The message ends before the frame does: fewer than 25 bytes are left, or fewer than ' +
      'the length in the header says. JT/T 808: the end flag is missing. A frame never ' +
      'continues in the next message.',
    example: { hex: '2323 07 FE 4C54455354564E30303030303030303031 01 0006 BB' },
    toDo:
      'check that the length counts the data unit alone, and that the sender does not cut ' +
      'frames into pieces.',
  },
  frame_escape: {
    meaning:
      'JT/T 808: a byte 0x7D within the frame is not followed by 0x01 or 0x02. Between its ' +
      'flags a frame sends 0x7E as `7D 02` and 0x7D as `7D 01`, the check byte too.',
    example: { codec: 'jt808', hex: '7E 0002 0000 013900000001 0046 7D 7E' },
    toDo: 'escape after the check byte was computed, and escape it as well.',
  },
  frame_header: {
    meaning:
      'JT/T 808: the frame is shorter than its header: 12 bytes, 17 with the version flag of ' +
      '2019, and 4 more in a part of a split message.',
    example: { codec: 'jt808', hex: '7E 01 01 7E' },
    toDo: 'send the whole header. A 0x7E inside the frame that was not escaped cuts it as well.',
  },
  frame_length: {
    meaning:
      'The header declares a data unit of more than 65,531 bytes, which the standard does ' +
      'not allow. JT/T 808: the properties declare a body of another length than is there; ' +
      'often bit 14 is set and the header is that of 2013.',
    example: { hex: '2323 07 FE 4C54455354564E30303030303030303031 01 FFFF BB' },
    toDo:
      'check the byte order of the length (big-endian) and its place: bytes 22 and 23, of ' +
      'JT/T 808 bits 0 to 9 of the properties, which count the body alone.',
  },
  frame_checksum: {
    meaning:
      'The check byte is not the XOR of all bytes from the command to the last byte of the ' +
      'data unit (JT/T 808: of header and body, un-escaped). Such a frame is refused however ' +
      'well it would read.',
    example: { hex: '2323 07 FE 4C54455354564E30303030303030303031 01 0000 BC' },
    toDo:
      'compute the check byte after encryption, and of JT/T 808 before escaping; `detail` ' +
      'names the right one.',
  },
  body_truncated: {
    meaning:
      'The frame is intact, but its data unit is shorter than what every message of its ' +
      'command must hold: 30 bytes for a login, 8 for a logout, 41 for a platform login, 6 ' +
      'for a report, 7 for a parameter query (and an id for each that it counts), a setting ' +
      'or a control command. JT/T 808: a body shorter than the layout of its message id, such ' +
      'as a location of less than 28 bytes.',
    example: { hex: '2323 01 FE 4C54455354564E30303030303030303031 01 0006 1A060F0C0000 A4' },
    toDo: 'send all fields of the layout; unknown values have sentinels.',
  },
  body_length: {
    meaning:
      'JT/T 808: the frame is intact, but its body is no body of its message id: longer than ' +
      'a fixed layout or not empty where it must be, or a list (parts, locations, ' +
      'parameters, CAN frames) whose count does not fill it exactly.',
    example: { codec: 'jt808', hex: '7E 0002 0001 013900000001 0007 00 3D 7E' },
    toDo: 'compare the count with the entries that follow, and the length of each entry.',
  },
  ...jsonReasons,
  identity_mismatch: {
    meaning:
      'The identity in the frame is not that of the topic, which the broker authenticated. ' +
      'Both are compared without 0x00 at the end and zeros at the front. Platform login and ' +
      'logout carry the id of a platform and are not compared. A JT/T 808 phone number is ' +
      'compared where the id of the topic is all digits.',
    example: { hex: '2323 07 FE 4C54455354564E30303030303030303032 01 0000 B8' },
    toDo:
      'give the terminal the VIN of its vehicle, or the vehicle the topic of its VIN. If ' +
      'many vehicles do this at once, look for a gateway that publishes on one topic for ' +
      'all.',
  },
  ...signatureReasons,
  record_refused: {
    meaning:
      'The frame could be read, but no record can be made of it: more than 4,096 of its ' +
      'fields carry a mark, it has more than 256 alarm items, its record would be larger ' +
      'than 2 MiB less 64 KiB, or it does not fit the schema, which is a fault of ' +
      'fleetwire. `detail` says which.',
    example: { words: 'a report with 257 alarm items.' },
    toDo:
      'if `detail` names a limit, the frame is made up or the terminal broken. Else report ' +
      'it with the bytes of `payload`.',
  },
};
