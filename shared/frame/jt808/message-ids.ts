// The message ids of JT/T 808 and of its neighbours on the same frame, with their names. A message
// with a name may still have no layout: then its body is bytes.

import { bothEditions, type Edition, type MessageName } from './layout.ts';

const until2013: readonly Edition[] = ['2013'];
const from2019: readonly Edition[] = ['2019'];

type Change = Partial<Pick<MessageName, 'editions' | 'isAnswer'>>;

const answer: Change = { isAnswer: true };

const up = (id: number, name: string, meaning: string, change: Change = {}): MessageName => ({
  ...{ id, name, meaning, direction: 'up', editions: bothEditions, isAnswer: false },
  ...change,
});

const down = (id: number, name: string, meaning: string, change: Change = {}): MessageName => ({
  ...{ id, name, meaning, direction: 'down', editions: bothEditions, isAnswer: false },
  ...change,
});

export const messageNames: readonly MessageName[] = [
  up(0x0001, 'terminal_answer', 'General answer of the terminal.', answer),
  up(0x0002, 'heartbeat', 'The terminal is there.'),
  up(0x0003, 'unregister', 'The terminal gives up its registration.'),
  up(0x0004, 'server_time_query', 'What time is it?', { editions: from2019 }),
  up(0x0005, 'parts_request', 'Parts to send again.', { editions: from2019, isAnswer: true }),
  up(0x0100, 'register', 'Who the terminal is and where it is built in.'),
  up(0x0102, 'auth', 'The code that the platform gave on registration.'),
  up(0x0104, 'parameters', 'Parameters that were asked for.', answer),
  up(0x0107, 'attributes', 'What the terminal is made of.', answer),
  up(0x0108, 'upgrade_result', 'How an upgrade ended.'),
  up(0x0200, 'location', 'Where the vehicle is and how it fares.'),
  up(0x0201, 'location_answer', 'The location that was asked for.', answer),
  up(0x0301, 'event', 'An event that the driver chose.', { editions: until2013 }),
  up(0x0302, 'question_answer', 'What the driver answered.', { ...answer, editions: until2013 }),
  up(0x0303, 'info_demand', 'Information on demand or cancelled.', { editions: until2013 }),
  up(0x0500, 'vehicle_control_answer', 'Location after the vehicle was controlled.', answer),
  up(0x0608, 'area_answer', 'Areas and routes that were asked for.', {
    ...answer,
    editions: from2019,
  }),
  up(0x0700, 'recorder_data', 'Data of the driving recorder.', answer),
  up(0x0701, 'waybill', 'An electronic waybill.'),
  up(0x0702, 'driver', 'Who drives: the card that was put in or pulled out.'),
  up(0x0704, 'location_batch', 'Several locations, live or after a gap.'),
  up(0x0705, 'can_batch', 'Frames of the CAN buses.'),
  up(0x0800, 'media_event', 'A picture, sound or video was made.'),
  up(0x0801, 'media', 'A picture, sound or video.'),
  up(0x0802, 'media_search_answer', 'Media that were searched for.', answer),
  up(0x0805, 'camera_answer', 'How a shot ended.', answer),
  up(0x0900, 'transparent', 'Data passed through to the platform.'),
  up(0x0901, 'compressed', 'A message compressed by GZIP.'),
  up(0x0a00, 'terminal_key', 'RSA key of the terminal.'),
  up(0x1003, 'video_attributes', 'JT/T 1078: what audio and video it can.', answer),
  up(0x1005, 'passenger_flow', 'JT/T 1078: passengers counted.'),
  up(0x1205, 'video_list', 'JT/T 1078: recordings that were asked for.', answer),
  up(0x1206, 'video_upload_done', 'JT/T 1078: a file was uploaded.'),
  up(0x1210, 'attachment_list', 'Active safety: files of an alarm.'),
  up(0x1211, 'attachment', 'Active safety: one file of an alarm.'),
  down(0x8001, 'platform_answer', 'General answer of the platform.'),
  down(0x8003, 'platform_parts_request', 'Parts to send again.'),
  down(0x8004, 'server_time', 'The time of the platform, UTC.', { editions: from2019 }),
  down(0x8100, 'register_answer', 'Whether the terminal is registered.'),
  down(0x8103, 'set_parameters', 'Parameters to set.'),
  down(0x8104, 'parameter_query', 'All parameters are asked for.'),
  down(0x8105, 'terminal_control', 'The terminal is told to act.'),
  down(0x8106, 'parameter_query_some', 'Some parameters are asked for.'),
  down(0x8107, 'attribute_query', 'Attributes are asked for.'),
  down(0x8108, 'upgrade', 'A package to upgrade with.'),
  down(0x8201, 'location_query', 'The location is asked for.'),
  down(0x8202, 'tracking', 'Report more often for a while.'),
  down(0x8203, 'alarm_confirmation', 'An alarm was confirmed by hand.'),
  down(0x8204, 'link_check', 'Is the terminal there?', { editions: from2019 }),
  down(0x8300, 'text', 'A text for the driver.'),
  down(0x8301, 'event_setting', 'Events to choose from.', { editions: until2013 }),
  down(0x8302, 'question', 'A question to the driver.', { editions: until2013 }),
  down(0x8303, 'info_menu', 'Information to choose from.', { editions: until2013 }),
  down(0x8304, 'info', 'Information that was asked for.', { editions: until2013 }),
  down(0x8400, 'call_back', 'Call this number.'),
  down(0x8401, 'phone_book', 'Numbers to keep.'),
  down(0x8500, 'vehicle_control', 'The vehicle is told to act.'),
  down(0x8600, 'circle_setting', 'Round areas.'),
  down(0x8601, 'circle_removal', 'Round areas to forget.'),
  down(0x8602, 'rectangle_setting', 'Rectangular areas.'),
  down(0x8603, 'rectangle_removal', 'Rectangular areas to forget.'),
  down(0x8604, 'polygon_setting', 'A polygon.'),
  down(0x8605, 'polygon_removal', 'Polygons to forget.'),
  down(0x8606, 'route_setting', 'A route.'),
  down(0x8607, 'route_removal', 'Routes to forget.'),
  down(0x8608, 'area_query', 'Areas and routes are asked for.', { editions: from2019 }),
  down(0x8700, 'recorder_query', 'Data of the recorder are asked for.'),
  down(0x8701, 'recorder_setting', 'Parameters of the recorder.'),
  down(0x8702, 'driver_query', 'The driver is asked for.'),
  down(0x8800, 'media_received', 'Media arrived, or parts are missing.'),
  down(0x8801, 'camera', 'Take a picture.'),
  down(0x8802, 'media_search', 'Media are searched for.'),
  down(0x8803, 'media_upload', 'Media to upload.'),
  down(0x8804, 'sound_recording', 'Record sound.'),
  down(0x8805, 'media_upload_one', 'One medium to upload.'),
  down(0x8900, 'transparent_down', 'Data passed through to the terminal.'),
  down(0x8a00, 'platform_key', 'RSA key of the platform.'),
];

const byId = new Map(messageNames.map((message) => [message.id, message]));

/** Null for an id that nobody has named: a maker's own. */
export function messageName(id: number): MessageName | null {
  return byId.get(id) ?? null;
}
