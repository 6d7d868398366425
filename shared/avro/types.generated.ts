// Written by `npm run generate` from shared/avro/schemas: edit those.
// What stands in a Kafka record. A literal with all fields in this order encodes fastest.

/** Exactly 8 bytes. */
export type FrameId = Buffer;

/** One replica's tenure on one MQTT connection, and the place of the frame in it. */
export interface Origin {
  /** Name of the bridge process, unique for each of its lives. No unit. */
  readonly bridge: string;
  /**
   * MQTT connection of that process, counted from 1 over all its connections. Range: 0..2147483647.
   */
  readonly epoch: number;
  /** Number of the frame within the epoch, in order of receipt, from 1. Unit: frames. */
  readonly sequence: number;
}

/** Why a field is null or doubtful. */
export interface FieldState {
  /**
   * Path of the field in this record, such as vehicle.speedKmh or packs[0].cellVoltagesMv[3..7]. No
   * unit.
   */
  readonly path: string;
  /**
   * Values: abnormal (sentinel 0xFE of its width), invalid (sentinel 0xFF), out_of_range (any other
   * raw value outside the standard's range; a number keeps its computed value).
   */
  readonly state: string;
  /** The raw value on the wire. Range: 0..4294967295. No unit. */
  readonly raw: number;
}

/** GB/T 32960.3-2016 tables 14 and 15, GB/T 32960.3-2025 item 0x05, JT/T 808 message 0x0200. */
export interface Position {
  /** False: no valid fix; the coordinates are the last valid ones. No unit. */
  readonly hasFix: boolean;
  /** East is positive. Unit: degree. Range: -180..180. */
  readonly longitudeDeg: number | null;
  /** North is positive. Unit: degree. Range: -90..90. */
  readonly latitudeDeg: number | null;
  /**
   * Geodetic datum of the coordinates as sent. Values: unknown (the sender names none: GB/T
   * 32960.3-2016), wgs84, gcj02, other (also coordinates that a plug-in encrypted).
   */
  readonly datum: string;
  /**
   * Status byte of GB/T 32960: bit 0 no fix, bit 1 south, bit 2 west, bits 3..7 reserved; 0 from
   * other senders. Range: 0..255. No unit.
   */
  readonly statusRaw: number;
  /** Altitude above sea level. Unit: m. Range: 0..65535 (JT/T 808 has no negative one). */
  readonly altitudeM: number | null;
  /** Course over ground, north 0, clockwise. Unit: degree. Range: 0..359. */
  readonly directionDeg: number | null;
  /**
   * Longitude in WGS-84, computed where datum is gcj02; null otherwise. Unit: degree. Range:
   * -180..180.
   */
  readonly wgs84LongitudeDeg: number | null;
  /**
   * Latitude in WGS-84, computed where datum is gcj02; null otherwise. Unit: degree. Range:
   * -90..90.
   */
  readonly wgs84LatitudeDeg: number | null;
}

/**
 * GB/T 32960.3-2016 tables 9 and B.4, GB/T 32960.3-2025 item 0x01; of other senders what means the
 * same.
 */
export interface Vehicle {
  /** Values: started, off, other. */
  readonly status: string | null;
  /** Values: parked_charging, driving_charging, not_charging, charge_complete. */
  readonly chargeStatus: string | null;
  /** Values: electric, hybrid, fuel. */
  readonly runMode: string | null;
  /** Speed. Unit: km/h. Range: 0..500 (2016: 0..220; JT/T 808: 0..6553.5). */
  readonly speedKmh: number | null;
  /** Accumulated distance. Unit: km. Range: 0..999999.9 (JT/T 808: 0..429496729.5). */
  readonly odometerKm: number | null;
  /** Total voltage. Unit: V. Range: 0..6000 (2016: 0..1000). */
  readonly packVoltageV: number | null;
  /**
   * Total current; in captured frames discharge is positive. Unit: A. Range: -3000..3000 (2016:
   * -1000..1000).
   */
  readonly packCurrentA: number | null;
  /** State of charge. Unit: percent. Range: 0..100. */
  readonly socPercent: number | null;
  /** Values: working, disconnected. */
  readonly dcdcStatus: string | null;
  /** Values: N, 1..12, R, D, P. */
  readonly gear: string | null;
  /** Bit 5 of the gear byte. No unit. */
  readonly hasDriveForce: boolean;
  /** Bit 4 of the gear byte. No unit. */
  readonly hasBrakeForce: boolean;
  /** The gear byte. Range: 0..255. No unit. */
  readonly gearRaw: number;
  /** Insulation resistance. Unit: kOhm. Range: 0..60000. */
  readonly insulationResistanceKohm: number | null;
  /** Accelerator pedal travel. Unit: percent. Range: 0..100. */
  readonly acceleratorPedalPercent: number | null;
  /** Brake pedal travel; 101 means braking with unknown travel. Unit: percent. Range: 0..101. */
  readonly brakePedalPercent: number | null;
  /** False: bit 7 of the gear byte says that gear is not to be trusted (2025 edition). No unit. */
  readonly isGearValid: boolean;
}

/** GB/T 32960.3-2016 table 11, GB/T 32960.3-2025 item 0x02. */
export interface Motor {
  /** Sequence number of the motor. Range: 1..253. No unit. */
  readonly no: number;
  /** Values: consuming, generating, off, ready. */
  readonly status: string | null;
  /** Controller temperature. Unit: degC. Range: -40..210. */
  readonly controllerTemperatureC: number | null;
  /** Rotor speed. Unit: r/min. Range: -32000..33531 (2016: -20000..45531). */
  readonly speedRpm: number | null;
  /** Torque. Unit: N.m. Range: -20000..20000 (2016: -2000..4553.1). */
  readonly torqueNm: number | null;
  /** Motor temperature. Unit: degC. Range: -40..210. */
  readonly temperatureC: number | null;
  /** Controller input voltage. Unit: V. Range: 0..6000. */
  readonly controllerVoltageV: number | null;
  /** DC bus current of the controller. Unit: A. Range: -1000..1000. */
  readonly controllerCurrentA: number | null;
}

/** GB/T 32960.3-2016 table 12; GB/T 32960.3-2025 calls it fuel cell engine and hydrogen system. */
export interface FuelCell {
  /** Voltage. Unit: V. Range: 0..2000. */
  readonly voltageV: number | null;
  /** Current. Unit: A. Range: 0..2000. */
  readonly currentA: number | null;
  /** Fuel consumption. Unit: kg/100km. Range: 0..600. */
  readonly fuelConsumptionKgPer100Km: number | null;
  /** Probe temperatures in order. Unit: degC. Range: -40..200. */
  readonly probeTemperaturesC: readonly (number | null)[];
  /** Highest temperature in the hydrogen system. Unit: degC. Range: -40..210 (2016: -40..200). */
  readonly hydrogenMaxTemperatureC: number | null;
  /** Number of the probe with the highest temperature. Range: 1..253 (2016: 1..252). No unit. */
  readonly hydrogenMaxTemperatureProbe: number | null;
  /** Highest hydrogen concentration. Unit: mg/kg. Range: 0..60000. */
  readonly hydrogenMaxConcentrationMgPerKg: number | null;
  /** Number of the sensor with the highest concentration. Range: 1..253 (2016: 1..252). No unit. */
  readonly hydrogenMaxConcentrationSensor: number | null;
  /** Highest hydrogen pressure. Unit: MPa. Range: 0..100. */
  readonly hydrogenMaxPressureMpa: number | null;
  /** Number of the sensor with the highest pressure. Range: 1..253 (2016: 1..252). No unit. */
  readonly hydrogenMaxPressureSensor: number | null;
  /** High-voltage DC-DC converter. Values: working, disconnected. */
  readonly hvDcdcStatus: string | null;
  /**
   * Highest hydrogen concentration by volume (2025 edition; 2016 sends mg/kg). Unit: percent.
   * Range: 0..6.
   */
  readonly hydrogenMaxConcentrationPercent: number | null;
  /** Hydrogen that is left. Unit: percent. Range: 0..100. */
  readonly remainingHydrogenPercent: number | null;
  /**
   * Temperature of the controller of the high-voltage DC-DC converter. Unit: degC. Range: -40..210.
   */
  readonly hvDcdcTemperatureC: number | null;
}

/** GB/T 32960.3-2016 table 13, GB/T 32960.3-2025 (crankshaft speed only). */
export interface Engine {
  /** Values: on, off. */
  readonly status: string | null;
  /** Crankshaft speed. Unit: r/min. Range: 0..60000. */
  readonly crankshaftSpeedRpm: number | null;
  /** Fuel consumption. Unit: L/100km. Range: 0..600. */
  readonly fuelConsumptionLPer100Km: number | null;
}

/** GB/T 32960.3-2016 table 16. */
export interface Extremes {
  /** Subsystem of the cell with the highest voltage. Range: 1..250. No unit. */
  readonly maxCellVoltageSubsystem: number | null;
  /** Number of the cell with the highest voltage. Range: 1..250. No unit. */
  readonly maxCellVoltageCell: number | null;
  /** Highest cell voltage. Unit: mV. Range: 0..15000. */
  readonly maxCellVoltageMv: number | null;
  /** Subsystem of the cell with the lowest voltage. Range: 1..250. No unit. */
  readonly minCellVoltageSubsystem: number | null;
  /** Number of the cell with the lowest voltage. Range: 1..250. No unit. */
  readonly minCellVoltageCell: number | null;
  /** Lowest cell voltage. Unit: mV. Range: 0..15000. */
  readonly minCellVoltageMv: number | null;
  /** Subsystem of the probe with the highest temperature. Range: 1..250. No unit. */
  readonly maxTemperatureSubsystem: number | null;
  /** Number of the probe with the highest temperature. Range: 1..250. No unit. */
  readonly maxTemperatureProbe: number | null;
  /** Highest temperature. Unit: degC. Range: -40..210. */
  readonly maxTemperatureC: number | null;
  /** Subsystem of the probe with the lowest temperature. Range: 1..250. No unit. */
  readonly minTemperatureSubsystem: number | null;
  /** Number of the probe with the lowest temperature. Range: 1..250. No unit. */
  readonly minTemperatureProbe: number | null;
  /** Lowest temperature. Unit: degC. Range: -40..210. */
  readonly minTemperatureC: number | null;
}

/** GB/T 32960.3-2025 item 0x06: a general alarm and its level. */
export interface AlarmLevel {
  /** Number of the general alarm bit. Range: 0..255. No unit. */
  readonly bit: number;
  /** Name of the bit as in generalBits; reserved_bit_N for one without name. No unit. */
  readonly name: string;
  /** Level of this alarm as sent: 0 none to 4 thermal event. Range: 0..255. No unit. */
  readonly level: number;
}

/** GB/T 32960.3-2016 tables 17 and 18, GB/T 32960.3-2025 item 0x06 and table 24. */
export interface AlarmState {
  /**
   * Highest alarm level: 0 none, 1 no effect on driving, 2 limit driving, 3 stop at once, 4 thermal
   * event (2025). Range: 0..4. No unit.
   */
  readonly maxLevel: number | null;
  /**
   * Names of the general alarm bits that are set, bit 0 first; reserved bits as reserved_bit_N. No
   * unit.
   */
  readonly generalBits: readonly string[];
  /** The general alarm bits as sent. Range: 0..4294967295. No unit. */
  readonly generalRaw: number;
  /** Fault codes of the energy storage, 8 hex digits each, defined by the maker. No unit. */
  readonly ressFaults: readonly string[];
  /** Fault codes of the drive motors, 8 hex digits each. No unit. */
  readonly motorFaults: readonly string[];
  /** Fault codes of the engine, 8 hex digits each. No unit. */
  readonly engineFaults: readonly string[];
  /** Other fault codes, 8 hex digits each. No unit. */
  readonly otherFaults: readonly string[];
  /** Level of each general alarm, in the order sent (2025 edition). No unit. */
  readonly generalLevels: readonly AlarmLevel[];
}

/** GB/T 32960.3-2016 tables B.5 to B.8, GB/T 32960.3-2025 items 0x07 and 0x08. */
export interface Pack {
  /** Number of the subsystem. Range: 1..250. No unit. */
  readonly no: number;
  /** Voltage of the subsystem. Unit: V. Range: 0..6000 (2016: 0..1000). */
  readonly voltageV: number | null;
  /** Current of the subsystem. Unit: A. Range: -3000..3000 (2016: -1000..1000). */
  readonly currentA: number | null;
  /**
   * Cells of the whole subsystem, also those sent in other frames. Unit: cells. Range: 1..65531.
   */
  readonly cellCount: number | null;
  /** Number of the first cell in cellVoltagesMv, from 1. Range: 1..65531. No unit. */
  readonly firstCell: number | null;
  /** Cell voltages in order. Unit: mV. Range: 0..60000. */
  readonly cellVoltagesMv: readonly (number | null)[];
  /** Probe temperatures in order. Unit: degC. Range: -40..210. */
  readonly temperaturesC: readonly (number | null)[];
}

/** An item kept as bytes. */
export interface CustomItem {
  /** Item type. Range: 0..255. No unit. */
  readonly type: number;
  /** Body of the item without its type and length. No unit. */
  readonly bytes: Buffer;
}

/** GB/T 32960.3-2025 item 0x30. */
export interface Stack {
  /** Number of the stack. Range: 1..253. No unit. */
  readonly no: number;
  /** Voltage. Unit: V. Range: 0..2000. */
  readonly voltageV: number | null;
  /** Current. Unit: A. Range: 0..2000. */
  readonly currentA: number | null;
  /** Gauge pressure of the hydrogen at the inlet. Unit: kPa. Range: -100..400. */
  readonly hydrogenInletPressureKpa: number | null;
  /** Gauge pressure of the air at the inlet. Unit: kPa. Range: -100..400. */
  readonly airInletPressureKpa: number | null;
  /** Temperature of the air at the inlet. Unit: degC. Range: -40..210. */
  readonly airInletTemperatureC: number | null;
  /** Coolant temperatures at the outlet, in order. Unit: degC. Range: -40..210. */
  readonly coolantTemperaturesC: readonly (number | null)[];
}

/** GB/T 32960.3-2025 item 0x31. */
export interface SuperCapacitor {
  /** Number of the management system. Range: 1..253. No unit. */
  readonly no: number | null;
  /** Total voltage. Unit: V. Range: 0..1000. */
  readonly voltageV: number | null;
  /** Total current. Unit: A. Range: -3000..3000. */
  readonly currentA: number | null;
  /** Cells. Unit: cells. Range: 1..65531. */
  readonly cellCount: number | null;
  /** Cell voltages in order. Unit: mV. Range: 0..60000. */
  readonly cellVoltagesMv: readonly (number | null)[];
  /** Probe temperatures in order. Unit: degC. Range: -40..210. */
  readonly temperaturesC: readonly (number | null)[];
}

/** GB/T 32960.3-2025 item 0x32. */
export interface SuperCapacitorExtremes {
  /** Management system of the cell with the highest voltage. Range: 1..253. No unit. */
  readonly maxVoltageSystem: number | null;
  /** Number of the cell with the highest voltage. Range: 1..65531. No unit. */
  readonly maxVoltageCell: number | null;
  /** Highest cell voltage. Unit: mV. Range: 0..60000. */
  readonly maxVoltageMv: number | null;
  /** Management system of the cell with the lowest voltage. Range: 1..253. No unit. */
  readonly minVoltageSystem: number | null;
  /** Number of the cell with the lowest voltage. Range: 1..65531. No unit. */
  readonly minVoltageCell: number | null;
  /** Lowest cell voltage. Unit: mV. Range: 0..60000. */
  readonly minVoltageMv: number | null;
  /** Management system of the probe with the highest temperature. Range: 1..253. No unit. */
  readonly maxTemperatureSystem: number | null;
  /** Number of the probe with the highest temperature. Range: 1..65531. No unit. */
  readonly maxTemperatureProbe: number | null;
  /** Highest temperature. Unit: degC. Range: -40..210. */
  readonly maxTemperatureC: number | null;
  /** Management system of the probe with the lowest temperature. Range: 1..253. No unit. */
  readonly minTemperatureSystem: number | null;
  /** Number of the probe with the lowest temperature. Range: 1..65531. No unit. */
  readonly minTemperatureProbe: number | null;
  /** Lowest temperature. Unit: degC. Range: -40..210. */
  readonly minTemperatureC: number | null;
}

/** GB/T 32960.3-2025 table 8. */
export interface Signature {
  /** Values: SM2, RSA, ECC, unknown_N for any other algorithm byte N. */
  readonly algorithm: string;
  /** R as sent; of RSA the whole signature. No unit. */
  readonly r: Buffer;
  /** S as sent; empty with RSA. No unit. */
  readonly s: Buffer;
}

/** Extra item 0x11. */
export interface Overspeed {
  /** 0 no area, 1 circle, 2 rectangle, 3 polygon, 4 section. Range: 0..255. No unit. */
  readonly areaType: number;
  /** Id of the area; null with areaType 0. Range: 0..4294967295. No unit. */
  readonly areaId: number | null;
}

/** Extra item 0x12. */
export interface AreaCrossing {
  /** 1 circle, 2 rectangle, 3 polygon, 4 route. Range: 0..255. No unit. */
  readonly areaType: number;
  /** Id of the area. Range: 0..4294967295. No unit. */
  readonly areaId: number;
  /** Values: in, out, unknown_N for any other byte N. */
  readonly direction: string;
}

/** Extra item 0x13. */
export interface SectionTime {
  /** Id of the section. Range: 0..4294967295. No unit. */
  readonly sectionId: number;
  /** Time on the section. Unit: s. Range: 0..65535. */
  readonly seconds: number;
  /** Values: too_short, too_long, unknown_N for any other byte N. */
  readonly result: string;
}

/** An extra item kept as bytes. */
export interface ExtraItem {
  /** Id of the item. Range: 0..255. No unit. */
  readonly id: number;
  /** Length that the item declares. Unit: bytes. Range: 0..255. */
  readonly length: number;
  /** Its data, as far as there is any. No unit. */
  readonly bytes: Buffer;
}

/**
 * JT/T 808 message 0x0200: basic part and extra items, beside what position and vehicle hold. Bits
 * are named bit 0 first; one without name is reserved_bit_N.
 */
export interface Terminal {
  /**
   * Message that carried the location: 512 a report (0x0200), 1796 a batch (0x0704), others an
   * answer or media. Range: 0..65535. No unit.
   */
  readonly messageId: number;
  /** Serial number in the header of that message. Range: 0..65535. No unit. */
  readonly serial: number | null;
  /** Alarm flags that are set. Values: names of the bits in JT/T 808 table 24, reserved_bit_N. */
  readonly alarmBits: readonly string[];
  /** Alarm flags as sent. Range: 0..4294967295. No unit. */
  readonly alarmRaw: number;
  /**
   * Status flags that are set, those of the load apart. Values: names of the bits in JT/T 808 table
   * 25, reserved_bit_N.
   */
  readonly statusBits: readonly string[];
  /** Status flags as sent. Range: 0..4294967295. No unit. */
  readonly statusRaw: number;
  /** Load by bits 8 and 9 of the status. Values: empty, half, reserved, full. */
  readonly load: string;
  /** Speed by the driving recorder (extra item 0x03). Unit: km/h. Range: 0..6553.5. */
  readonly recorderSpeedKmh: number | null;
  /** Fuel in the tank (extra item 0x02). Unit: l. Range: 0..6553.5. */
  readonly fuelL: number | null;
  /** Alarm event that wants a confirmation by hand (extra item 0x04). Range: 0..65535. No unit. */
  readonly alarmEventId: number | null;
  /**
   * One byte a wheel from front left on, 0xFF none; the standard leaves the unit in doubt (extra
   * item 0x05). No unit.
   */
  readonly tirePressuresRaw: Buffer | null;
  /**
   * Temperature in the carriage (extra item 0x06: sign and magnitude). Unit: degC. Range:
   * -32767..32767.
   */
  readonly carriageTemperatureC: number | null;
  /** Where the speed limit was broken (extra item 0x11). No unit. */
  readonly overspeed: Overspeed | null;
  /** An area or a route was entered or left (extra item 0x12). No unit. */
  readonly areaCrossing: AreaCrossing | null;
  /** A section was driven too fast or too slowly (extra item 0x13). No unit. */
  readonly sectionTime: SectionTime | null;
  /**
   * Signals of the vehicle that are on (extra item 0x25). Values: low_beam, high_beam, right_turn,
   * left_turn, brake, reverse, fog_light, side_marker, horn, air_conditioner, neutral, retarder,
   * abs, heater, clutch, reserved_bit_N.
   */
  readonly signalBits: readonly string[];
  /** Signals as sent. Range: 0..4294967295. No unit. */
  readonly signalRaw: number | null;
  /**
   * Inputs and outputs that are on (extra item 0x2A). Values: deep_sleep, sleep, reserved_bit_N.
   */
  readonly ioBits: readonly string[];
  /** Inputs and outputs as sent. Range: 0..65535. No unit. */
  readonly ioRaw: number | null;
  /** Analog input 0 (extra item 0x2B, bits 0..15). Range: 0..65535. No unit. */
  readonly analog0: number | null;
  /** Analog input 1 (extra item 0x2B, bits 16..31). Range: 0..65535. No unit. */
  readonly analog1: number | null;
  /** Strength of the radio signal (extra item 0x30). Range: 0..255. No unit. */
  readonly signalStrength: number | null;
  /** Satellites in use (extra item 0x31). Unit: satellites. Range: 0..255. */
  readonly satellites: number | null;
  /**
   * JT/T 1078 video alarms, bit 0 signal lost, 1 blocked, 2 storage fault, 3 other fault, 4 bus
   * overloaded, 5 abnormal driving, 6 storage limit (extra item 0x14). Range: 0..4294967295. No
   * unit.
   */
  readonly videoAlarmRaw: number | null;
  /**
   * JT/T 1078 channels with lost signal, bit 0 channel 1 (extra item 0x15). Range: 0..4294967295.
   * No unit.
   */
  readonly videoLostRaw: number | null;
  /**
   * JT/T 1078 channels with blocked signal, bit 0 channel 1 (extra item 0x16). Range:
   * 0..4294967295. No unit.
   */
  readonly videoBlockedRaw: number | null;
  /**
   * JT/T 1078 faulty storage, bits 0..11 main 1..12, bits 12..15 backup 1..4 (extra item 0x17).
   * Range: 0..65535. No unit.
   */
  readonly storageFaultRaw: number | null;
  /**
   * JT/T 1078 abnormal driving, bit 0 fatigue, 1 phone call, 2 smoking, 11..15 custom (extra item
   * 0x18). Range: 0..65535. No unit.
   */
  readonly drivingBehaviourRaw: number | null;
  /** JT/T 1078 degree of fatigue (extra item 0x18). Range: 0..100. No unit. */
  readonly fatigueDegree: number | null;
  /**
   * Extra items without a field of their own, further copies of one that has, and the item at which
   * the walk broke, in the order sent. No unit.
   */
  readonly extras: readonly ExtraItem[];
  /**
   * Why the walk over the extra items stopped, with wanted and found; null when it did not. No
   * unit.
   */
  readonly extrasError: string | null;
}

/**
 * A named value of a sender that names its own: exactly one of value, text and flag, or none where
 * null was sent.
 */
export interface Signal {
  /** Name as sent. No unit. */
  readonly name: string;
  /** A number that a double holds exactly, or a fraction. Unit: see unit. */
  readonly value: number | null;
  /** A text; also a whole number beyond 2^53, digit by digit. No unit. */
  readonly text: string | null;
  /** A yes or no. No unit. */
  readonly flag: boolean | null;
  /** Unit of the value as sent. No unit. */
  readonly unit: string | null;
}

/**
 * Everything that one report of a vehicle carries. Key: vehicleId. Duplicates share (vehicleId,
 * frameId). A null field alone means: not reported. A sentinel of the standard is null and listed
 * in fieldStates.
 */
export interface Telemetry {
  /**
   * Identity of the content: XXH64 (seed 0, big-endian) over vehicleId, 0x00, protocol family, 0x00
   * and the content: of GB/T 32960 the plain data unit without signature, of a JT/T 808 location
   * its body, of JSON the payload's id, else the payload. A reissued report equals its original. No
   * unit.
   */
  readonly frameId: FrameId | null;
  /** Which bridge received the frame and where in its order. No unit. */
  readonly origin: Origin;
  /** Identity that the MQTT broker authenticated; the VIN wherever there is one. No unit. */
  readonly vehicleId: string;
  /**
   * Identity that the frame itself carries (VIN, terminal phone number), where it is another one
   * than vehicleId. No unit.
   */
  readonly terminalId: string | null;
  /**
   * Wire format and edition. Values: gb32960-2016, gb32960-2025, jt808-2013 (2011 too: nothing in a
   * frame tells), jt808-2019, json-1; gb32960-2016-gateway, gb32960-2025-gateway,
   * jt808-2013-gateway, jt808-2019-gateway (JSON of an EMQX gateway).
   */
  readonly codec: string;
  /**
   * True when the vehicle stored the report and sent it later (GB/T 32960 command 0x03, JT/T 808
   * message 0x0704 of type 1). No unit.
   */
  readonly isReissued: boolean;
  /**
   * Collection time by the vehicle's clock; the receive time where clockState says that the clock
   * cannot be used. Unit: ms since 1970-01-01 UTC.
   */
  readonly eventTime: number;
  /** When the bridge received the frame. Unit: ms since 1970-01-01 UTC. */
  readonly receivedTime: number;
  /**
   * What the vehicle's clock is worth. Values: ok, unusable (impossible or before 2015), future
   * (more than 5 min ahead), stale (more than 8 d behind; kept as event time).
   */
  readonly clockState: string;
  /** The time as the vehicle sent it, byte for byte. No unit. */
  readonly deviceTimeRaw: Buffer | null;
  /**
   * True when the report breaks inside an intact frame: what was read before the break stands, the
   * rest is in remainder. No unit.
   */
  readonly isPartial: boolean;
  /** Why the walk stopped, with wanted and found. Null unless isPartial. No unit. */
  readonly partialReason: string | null;
  /** Undecoded bytes, from the type byte of the broken or unknown item on. No unit. */
  readonly remainder: Buffer | null;
  /**
   * State of the report's signature. Values: absent (the report has none), unchecked (no key is
   * known for it, or checks are off), valid, invalid.
   */
  readonly signatureState: string;
  /**
   * Fields whose raw value is a sentinel or out of range. A run of array elements with one state
   * and raw value is one entry, its path ends in [from..to]. No unit.
   */
  readonly fieldStates: readonly FieldState[];
  /** Where the vehicle is. No unit. */
  readonly position: Position | null;
  /** The vehicle as a whole. No unit. */
  readonly vehicle: Vehicle | null;
  /** Drive motors in the order sent. No unit. */
  readonly motors: readonly Motor[];
  /** Fuel cell. No unit. */
  readonly fuelCell: FuelCell | null;
  /** Combustion engine. No unit. */
  readonly engine: Engine | null;
  /** Highest and lowest cell values of the whole energy storage. No unit. */
  readonly extremes: Extremes | null;
  /**
   * Alarm items in the order sent; nearly always none or one, but some terminals send two. No unit.
   */
  readonly alarms: readonly AlarmState[];
  /**
   * Energy storage subsystems. Voltages and temperatures of one subsystem meet in one entry; a
   * subsystem that is sent in pieces has one entry a piece. No unit.
   */
  readonly packs: readonly Pack[];
  /**
   * Items that the standard leaves to the maker (0x80 to 0xFE), and further copies of an item that
   * this record holds once, in the order sent. No unit.
   */
  readonly custom: readonly CustomItem[];
  /** Bytes that were left after the last field of a whole report. No unit. */
  readonly trailing: Buffer | null;
  /** Fuel cell stacks in the order sent. No unit. */
  readonly stacks: readonly Stack[];
  /** Super capacitor. No unit. */
  readonly superCapacitor: SuperCapacitor | null;
  /** Highest and lowest cell values of the super capacitors. No unit. */
  readonly superCapacitorExtremes: SuperCapacitorExtremes | null;
  /** Signature at the end of the report; signatureState says what it is worth. No unit. */
  readonly signature: Signature | null;
  /** What a JT/T 808 terminal reports beside position and vehicle. No unit. */
  readonly terminal: Terminal | null;
  /** Named values in the order sent (JSON). No unit. */
  readonly signals: readonly Signal[];
}

/** GB/T 32960.3-2016 table 6, GB/T 32960.3-2025 table 6. */
export interface Login {
  /** SIM card number as sent. No unit. */
  readonly iccid: string;
  /** Rechargeable energy storage subsystems. Unit: subsystems. Range: 0..255. */
  readonly ressCount: number;
  /** Length of one subsystem code; 0 means that none is sent. Unit: bytes. Range: 0..255. */
  readonly ressCodeLength: number;
  /** Subsystem codes. No unit. */
  readonly ressCodes: readonly string[];
  /**
   * Battery management systems (2025 edition); null in the 2016 edition. Unit: systems. Range:
   * 0..255.
   */
  readonly bmsCount: number | null;
  /** Packs of each battery management system. Unit: packs. Range: 0..255 each. */
  readonly packsPerBms: readonly number[];
  /** Codes of all packs, system by system (GB/T 34014). No unit. */
  readonly packCodes: readonly string[];
}

/** GB/T 32960.3-2016 table 21. */
export interface PlatformLogin {
  /** User name of the platform. No unit. */
  readonly username: string;
  /** Password as sent: a secret, never to be logged. No unit. */
  readonly password: string;
  /** Encryption rule that the platform announces. Range: 0..255. No unit. */
  readonly encryptionRule: number;
}

/**
 * GB/T 32960.3-2016 tables B.9 to B.17, GB/T 32960.3-2025 tables B.5 to B.13. Each has a number or
 * a text.
 */
export interface Parameter {
  /** Id of the parameter. Range: 1..16. No unit. */
  readonly id: number;
  /**
   * Name of the id, which ends in the unit of its value. Values: local_storage_period_ms,
   * report_period_s, alarm_report_period_ms, platform_domain_length_bytes, platform_domain,
   * platform_port, hardware_version, firmware_version, heartbeat_period_s,
   * terminal_answer_timeout_s, platform_answer_timeout_s, pause_after_failed_logins_min,
   * public_platform_domain_length_bytes, public_platform_domain, public_platform_port,
   * sampling_monitoring (1 yes, 2 no).
   */
  readonly name: string;
  /**
   * Value as sent, sentinels included; null where it is a text. Unit: as name says. Range:
   * 0..65535.
   */
  readonly number: number | null;
  /** Value without its padding, one character a byte; null where it is a number. No unit. */
  readonly text: string | null;
}

/** GB/T 32960.3-2016 tables B.9 to B.17. */
export interface Control {
  /** Control command. Range: 0..255. No unit. */
  readonly commandId: number;
  /**
   * Name of the control command, empty for one of the maker. Values: remote_upgrade, shut_down,
   * reset, factory_reset, cut_link, alarm, start_sampling.
   */
  readonly name: string;
  /** Arguments as sent. No unit. */
  readonly args: Buffer;
}

/** GB/T 32960.3-2025 command 0x09. */
export interface Activation {
  /** Id of the security chip, without its padding. No unit. */
  readonly chipId: string;
  /** Public key of the terminal as sent. No unit. */
  readonly publicKey: Buffer;
  /** VIN inside the signed bytes. No unit. */
  readonly vin: string;
  /** Signature over time, chip id, key and VIN. No unit. */
  readonly signature: Signature | null;
}

/** GB/T 32960.3-2025 command 0x0A. */
export interface ActivationAnswer {
  /** Values: success, failure, unknown_N for any other byte N. */
  readonly status: string;
  /** Values: success, chip_already_activated, vin_duplicate, unknown_N for any other byte N. */
  readonly info: string;
}

/** GB/T 32960.3-2025 command 0x0B. */
export interface KeyExchange {
  /** 2 RSA, 3 AES, 4 SM2, 5 SM4. Range: 0..255. No unit. */
  readonly keyType: number;
  /** Key as sent: a secret, never to be logged. No unit. */
  readonly key: Buffer;
  /** From when the key holds; null where the time is impossible. Unit: ms since 1970-01-01 UTC. */
  readonly activeTime: number | null;
  /** Until when the key holds; null where the time is impossible. Unit: ms since 1970-01-01 UTC. */
  readonly expireTime: number | null;
  /** Start time as sent, byte for byte. No unit. */
  readonly activeTimeRaw: Buffer;
  /** End time as sent, byte for byte. No unit. */
  readonly expireTimeRaw: Buffer;
}

/** JT/T 808 message 0x0100. */
export interface Register {
  /** Province by GB/T 2260, 0 as the platform says. Range: 0..65535. No unit. */
  readonly provinceId: number;
  /** City by GB/T 2260, 0 as the platform says. Range: 0..65535. No unit. */
  readonly cityId: number;
  /** Code of the maker. No unit. */
  readonly makerId: string;
  /** Model of the terminal. No unit. */
  readonly model: string;
  /** Id of the terminal by its maker. No unit. */
  readonly deviceId: string;
  /** 0 no plate, 1 blue, 2 yellow, 3 black, 4 white, 5 green, 9 other. Range: 0..255. No unit. */
  readonly plateColor: number;
  /** Licence plate; the VIN where plateColor is 0. No unit. */
  readonly plate: string;
  /** Edition by which the body was read. Values: 2011, 2013, 2019. */
  readonly form: string;
}

/** JT/T 808 message 0x0102. */
export interface Auth {
  /** Authentication code as sent: a secret, never to be logged. No unit. */
  readonly code: string;
  /** IMEI of the terminal (2019). No unit. */
  readonly imei: string | null;
  /** Software version of the terminal (2019). No unit. */
  readonly softwareVersion: string | null;
}

/** One CAN frame. */
export interface CanFrame {
  /** CAN id, bits 0..28. Range: 0..536870911. No unit. */
  readonly id: number;
  /** CAN channel, bit 31 of the id: 0 is CAN1, 1 is CAN2. Range: 0..1. No unit. */
  readonly channel: number;
  /** Bit 30 of the id: an extended frame. No unit. */
  readonly isExtended: boolean;
  /** Bit 29 of the id: data averaged over the collection period. No unit. */
  readonly isAveraged: boolean;
  /** Eight data bytes. No unit. */
  readonly data: Buffer;
}

/** JT/T 808 message 0x0705. */
export interface CanBatch {
  /** Time of the first frame, BCD hhmmss and four digits; the date is not sent. No unit. */
  readonly startTimeRaw: Buffer;
  /** CAN frames in the order sent. No unit. */
  readonly frames: readonly CanFrame[];
}

/** JT/T 808 message 0x0702. Only what was sent is there. */
export interface Driver {
  /** 1 card inserted, 2 card withdrawn. Range: 0..255. No unit. */
  readonly status: number;
  /** 0 read, 1 key failed, 2 locked, 3 pulled out, 4 checksum wrong. Range: 0..255. No unit. */
  readonly icResult: number | null;
  /** Name of the driver: personal data. No unit. */
  readonly name: string | null;
  /** Code of the qualification certificate: personal data. No unit. */
  readonly certificate: string | null;
  /** Who issued the certificate. No unit. */
  readonly issuer: string | null;
  /** Until when the certificate holds, BCD digits YYYYMMDD as sent. No unit. */
  readonly expiry: string | null;
  /** Identity card number (2019): personal data. No unit. */
  readonly idNumber: string | null;
}

/** Event of the MQTT broker about the connection of a client, as EMQX words it. */
export interface Presence {
  /** MQTT client id. No unit. */
  readonly clientId: string;
  /** MQTT user name. No unit. */
  readonly username: string | null;
  /** Address of the client, with its port where the broker says it: personal data. No unit. */
  readonly ipAddress: string | null;
  /** Protocol of the client. Values: MQTT, or the name of a gateway. */
  readonly protocol: string | null;
  /** Version of the protocol: 4 is MQTT 3.1.1, 5 is MQTT 5. Range: 0..255. No unit. */
  readonly protocolVersion: number | null;
  /** Keep-alive that the client asked for. Unit: s. Range: 0..65535. */
  readonly keepaliveS: number | null;
  /** True when the client began a session anew. No unit. */
  readonly isCleanStart: boolean | null;
  /** Session expiry that the client asked for. Unit: s. Range: 0..4294967295. */
  readonly expiryS: number | null;
  /**
   * Why it was disconnected, in the words of the broker. Values: of EMQX normal, kicked,
   * keepalive_timeout, not_authorized, tcp_closed, discarded, takenover, internal_error and others.
   */
  readonly reason: string | null;
  /** Broker node that says so. No unit. */
  readonly node: string | null;
}

/**
 * A decoded field of a message body that has no field of its own in this record: exactly one of
 * number, text and bytes, or none where null was sent.
 */
export interface BodyField {
  /** Path of the field in the body, such as mediaId or params[2].id. No unit. */
  readonly path: string;
  /** A whole number as sent. Range: -9007199254740991..9007199254740991. No unit. */
  readonly number: number | null;
  /** A text, a fraction, or a number beyond that range, digit by digit. No unit. */
  readonly text: string | null;
  /** Bytes as sent. No unit. */
  readonly bytes: Buffer | null;
}

/**
 * What a vehicle says beside reports, and what the MQTT broker says of its connection: login,
 * register, heartbeat, answers, parts of split messages, messages kept as bytes, and more. Key:
 * vehicleId. A body-less message has a null frameId and is idempotent.
 */
export interface Lifecycle {
  /**
   * Identity of the content: XXH64 (seed 0, big-endian) over vehicleId, 0x00, protocol family, 0x00
   * and the content: of GB/T 32960 the plain data unit without signature, of JT/T 808 message id
   * and body, of JSON the payload's id, else the payload. Null for a message without body. No unit.
   */
  readonly frameId: FrameId | null;
  /** Which bridge received the frame and where in its order. No unit. */
  readonly origin: Origin;
  /** Identity that the MQTT broker authenticated; the VIN wherever there is one. No unit. */
  readonly vehicleId: string;
  /**
   * Identity that the frame itself carries, where it is another one than vehicleId (the VIN of a
   * platform message, a terminal phone number, an MQTT client id). No unit.
   */
  readonly terminalId: string | null;
  /**
   * Wire format and edition. Values: gb32960-2016, gb32960-2025, jt808-2013 (2011 too: nothing in a
   * frame tells), jt808-2019, json-1; gb32960-2016-gateway, gb32960-2025-gateway,
   * jt808-2013-gateway, jt808-2019-gateway (JSON of an EMQX gateway); presence (client events of
   * the MQTT broker).
   */
  readonly codec: string;
  /**
   * What it is. Values: of GB/T 32960 login, logout, heartbeat, time_sync, platform_login,
   * platform_logout, activation, activation_answer, key_exchange, parameter_query,
   * parameter_answer, parameter_setting, control, answer; of JT/T 808 register, unregister, auth,
   * heartbeat, terminal_answer, location_answer, driver, location_batch (one without locations),
   * can_batch, media_event, media, media_search_answer, attributes, parameters, transparent,
   * compressed, upgrade_result, server_time_query, parts_request, event, question_answer,
   * info_demand, area_answer, recorder_data, waybill, camera_answer, vehicle_control_answer,
   * terminal_key, part (of a split message), and downlink messages that a decoder meets:
   * platform_answer, register_answer, server_time, set_parameters, platform_parts_request,
   * platform_key, parameter_query, attribute_query, location_query, driver_query, link_check; of
   * all opaque; of the MQTT broker connected, disconnected.
   */
  readonly event: string;
  /**
   * How far it was decoded. Values: accept, answer, opaque, partial (a parameter setting that
   * breaks inside an intact frame).
   */
  readonly outcome: string;
  /** Why a message was not decoded, or only in part. Null otherwise. No unit. */
  readonly reason: string | null;
  /** Command byte of GB/T 32960, message id of JT/T 808, 0 elsewhere. Range: 0..65535. No unit. */
  readonly command: number;
  /** Response flag of GB/T 32960; 254 is a command; 0 elsewhere. Range: 0..255. No unit. */
  readonly response: number;
  /**
   * Encryption byte of GB/T 32960, 1 is none; of JT/T 808 bits 10..12 of the properties, 0 is none.
   * Range: 0..255. No unit.
   */
  readonly encryption: number;
  /**
   * Time in the message by the vehicle's clock; the receive time where there is none or clockState
   * says that it cannot be used. Unit: ms since 1970-01-01 UTC.
   */
  readonly eventTime: number;
  /** When the bridge received the frame. Unit: ms since 1970-01-01 UTC. */
  readonly receivedTime: number;
  /**
   * What the vehicle's clock is worth. Values: ok, absent (the message carries no time), unusable,
   * future, stale.
   */
  readonly clockState: string;
  /** The time as the vehicle sent it, byte for byte. No unit. */
  readonly deviceTimeRaw: Buffer | null;
  /**
   * GB/T 32960: login serial; the logout carries that of its login. JT/T 808: serial number in the
   * header. Range: 0..65535. No unit.
   */
  readonly serial: number | null;
  /** Body of a vehicle login. No unit. */
  readonly login: Login | null;
  /** Body of a platform login. No unit. */
  readonly platformLogin: PlatformLogin | null;
  /**
   * Undecoded data unit: of an opaque message all of it, of an answer what follows the time, of a
   * part of a split message its piece. No unit.
   */
  readonly body: Buffer | null;
  /** Bytes that were left after the last field. No unit. */
  readonly trailing: Buffer | null;
  /** Undecoded bytes, from the id of the first parameter on that could not be read. No unit. */
  readonly remainder: Buffer | null;
  /**
   * Parameters that the message announces; 254 and 255 announce none. Null where it is not about
   * parameters. Unit: parameters. Range: 0..255.
   */
  readonly parameterCount: number | null;
  /** Parameters that a query asks for, in the order sent. Range: 0..255 each. No unit. */
  readonly parameterIds: readonly number[];
  /** Parameters of a setting, or of the answer to a query, in the order sent. No unit. */
  readonly parameters: readonly Parameter[];
  /** What the terminal is told to do. No unit. */
  readonly control: Control | null;
  /**
   * State of the message's signature. Values: absent (it has none), unchecked (no key is known for
   * it, or checks are off), valid, invalid.
   */
  readonly signatureState: string;
  /** Body of an activation. No unit. */
  readonly activation: Activation | null;
  /** Body of an answer to an activation. No unit. */
  readonly activationAnswer: ActivationAnswer | null;
  /** Body of a key exchange. No unit. */
  readonly keyExchange: KeyExchange | null;
  /** Body of a terminal registration. No unit. */
  readonly register: Register | null;
  /** Body of a terminal authentication. No unit. */
  readonly auth: Auth | null;
  /** CAN frames that a terminal collected. No unit. */
  readonly canBatch: CanBatch | null;
  /** Identity of the driver. No unit. */
  readonly driver: Driver | null;
  /** What the MQTT broker says of the client. No unit. */
  readonly presence: Presence | null;
  /**
   * Parts of the split message that this one belongs to; null for a whole message. Unit: parts.
   * Range: 0..65535.
   */
  readonly partTotal: number | null;
  /** Which of the parts this is, from 1; null for a whole message. Range: 0..65535. No unit. */
  readonly partIndex: number | null;
  /** Every other decoded field of the body, in the order of the bytes (JT/T 808). No unit. */
  readonly fields: readonly BodyField[];
}

/** MQTT or Kafka coordinates. */
export interface Source {
  /** Values: mqtt, kafka. */
  readonly kind: string;
  /** MQTT topic. No unit. */
  readonly mqttTopic: string | null;
  /** Kafka topic. No unit. */
  readonly kafkaTopic: string | null;
  /** Kafka partition. No unit. */
  readonly partition: number | null;
  /** Kafka offset. No unit. */
  readonly offset: number | null;
}

/**
 * A frame that was refused, whole and with its reason. Key: vehicleId. What happens to it later is
 * an appended record that names its quarantineId in resolves.
 */
export interface Quarantined {
  /** Identity of this record: origin as bridge/epoch/sequence. No unit. */
  readonly quarantineId: string;
  /**
   * Identity of the content: XXH64 (seed 0, big-endian) over vehicleId, 0x00, protocol family, 0x00
   * and the frame's bytes. No unit.
   */
  readonly frameId: FrameId | null;
  /** Which bridge received the frame and where in its order. No unit. */
  readonly origin: Origin;
  /** Identity level of the MQTT topic; empty where the topic has none. No unit. */
  readonly vehicleId: string;
  /** Codec of the topic's route; empty where there is none. No unit. */
  readonly codec: string;
  /** Version of the decoder that refused it. No unit. */
  readonly codecVersion: string;
  /** Stable reason code. Values: see docs/reasons.md. */
  readonly reason: string;
  /** What was wanted and what was found. No unit. */
  readonly detail: string;
  /** Where in the payload field the fault lies. Unit: bytes. */
  readonly offset: number;
  /** The refused bytes: whole up to 1 MiB, else the first MiB. No unit. */
  readonly payload: Buffer;
  /** Length of the refused bytes. Unit: bytes. */
  readonly payloadLength: number;
  /** SHA-256 of the refused bytes where payload holds only a part of them. No unit. */
  readonly payloadSha256: Buffer | null;
  /** Where the bytes came from. No unit. */
  readonly source: Source;
  /** How often these bytes have been tried. Unit: attempts. Range: 1..100. */
  readonly attempt: number;
  /** When it was first refused. Unit: ms since 1970-01-01 UTC. */
  readonly firstSeenTime: number;
  /** When it was last refused. Unit: ms since 1970-01-01 UTC. */
  readonly lastSeenTime: number;
  /** What became of an earlier record. Values: redriven, failed, parked; null on a first record. */
  readonly resolution: string | null;
  /** quarantineId of the earlier record. No unit. */
  readonly resolves: string | null;
}

/**
 * A position as one report gave it, and when. Its fields belong together and are replaced together.
 */
export interface PositionAt {
  /** False: no valid fix; the coordinates are the last valid ones. No unit. */
  readonly hasFix: boolean;
  /** East is positive. Unit: degree. Range: -180..180. */
  readonly longitudeDeg: number | null;
  /** North is positive. Unit: degree. Range: -90..90. */
  readonly latitudeDeg: number | null;
  /**
   * Geodetic datum of the coordinates as sent. Values: unknown (the sender names none: GB/T
   * 32960.3-2016), wgs84, gcj02, other (also coordinates that a plug-in encrypted).
   */
  readonly datum: string;
  /**
   * Status byte of GB/T 32960: bit 0 no fix, bit 1 south, bit 2 west, bits 3..7 reserved; 0 from
   * other senders. Range: 0..255. No unit.
   */
  readonly statusRaw: number;
  /** Event time of the report that the value comes from. Unit: ms since 1970-01-01 UTC. */
  readonly eventTime: number;
  /** Altitude above sea level. Unit: m. Range: 0..65535 (JT/T 808 has no negative one). */
  readonly altitudeM: number | null;
  /** Course over ground, north 0, clockwise. Unit: degree. Range: 0..359. */
  readonly directionDeg: number | null;
  /**
   * Longitude in WGS-84, computed where datum is gcj02; null otherwise. Unit: degree. Range:
   * -180..180.
   */
  readonly wgs84LongitudeDeg: number | null;
  /**
   * Latitude in WGS-84, computed where datum is gcj02; null otherwise. Unit: degree. Range:
   * -90..90.
   */
  readonly wgs84LatitudeDeg: number | null;
}

/** A text and when it held. */
export interface TextAt {
  /** As the field that holds it says. No unit. */
  readonly value: string;
  /** Event time of the report that the value comes from. Unit: ms since 1970-01-01 UTC. */
  readonly eventTime: number;
}

/** A number and when it held. */
export interface NumberAt {
  /** As the field that holds it says. Unit: there. */
  readonly value: number;
  /** Event time of the report that the value comes from. Unit: ms since 1970-01-01 UTC. */
  readonly eventTime: number;
}

/** A whole number and when it held. */
export interface IntegerAt {
  /** As the field that holds it says. Unit: there. */
  readonly value: number;
  /** Event time of the report that the value comes from. Unit: ms since 1970-01-01 UTC. */
  readonly eventTime: number;
}

/** A yes or no and when it held. */
export interface FlagAt {
  /** As the field that holds it says. No unit. */
  readonly value: boolean;
  /** Event time of the report that the value comes from. Unit: ms since 1970-01-01 UTC. */
  readonly eventTime: number;
}

/**
 * GB/T 32960.3-2016 tables 9 and B.4. Latest value of each signal; null where none was ever
 * reported.
 */
export interface VehicleSignals {
  /** Values: started, off, other. */
  readonly status: TextAt | null;
  /** Values: parked_charging, driving_charging, not_charging, charge_complete. */
  readonly chargeStatus: TextAt | null;
  /** Values: electric, hybrid, fuel. */
  readonly runMode: TextAt | null;
  /** Speed. Unit: km/h. Range: 0..500 (2016: 0..220; JT/T 808: 0..6553.5). */
  readonly speedKmh: NumberAt | null;
  /** Accumulated distance. Unit: km. Range: 0..999999.9 (JT/T 808: 0..429496729.5). */
  readonly odometerKm: NumberAt | null;
  /** Total voltage. Unit: V. Range: 0..6000 (2016: 0..1000). */
  readonly packVoltageV: NumberAt | null;
  /**
   * Total current; in captured frames discharge is positive. Unit: A. Range: -3000..3000 (2016:
   * -1000..1000).
   */
  readonly packCurrentA: NumberAt | null;
  /** State of charge. Unit: percent. Range: 0..100. */
  readonly socPercent: IntegerAt | null;
  /** Values: working, disconnected. */
  readonly dcdcStatus: TextAt | null;
  /** Values: N, 1..12, R, D, P. */
  readonly gear: TextAt | null;
  /** Bit 5 of the gear byte. No unit. */
  readonly hasDriveForce: FlagAt | null;
  /** Bit 4 of the gear byte. No unit. */
  readonly hasBrakeForce: FlagAt | null;
  /** The gear byte. Range: 0..255. No unit. */
  readonly gearRaw: IntegerAt | null;
  /** Insulation resistance. Unit: kOhm. Range: 0..60000. */
  readonly insulationResistanceKohm: IntegerAt | null;
  /** Accelerator pedal travel. Unit: percent. Range: 0..100. */
  readonly acceleratorPedalPercent: IntegerAt | null;
  /** Brake pedal travel; 101 means braking with unknown travel. Unit: percent. Range: 0..101. */
  readonly brakePedalPercent: IntegerAt | null;
  /** False: bit 7 of the gear byte says that gear is not to be trusted (2025 edition). No unit. */
  readonly isGearValid: FlagAt | null;
}

/** GB/T 32960.3-2016 table 11. Latest value of each signal. */
export interface MotorSignals {
  /** Sequence number of the motor. Range: 1..253. No unit. */
  readonly no: number;
  /** Values: consuming, generating, off, ready. */
  readonly status: TextAt | null;
  /** Controller temperature. Unit: degC. Range: -40..210. */
  readonly controllerTemperatureC: IntegerAt | null;
  /** Rotor speed. Unit: r/min. Range: -32000..33531 (2016: -20000..45531). */
  readonly speedRpm: IntegerAt | null;
  /** Torque. Unit: N.m. Range: -20000..20000 (2016: -2000..4553.1). */
  readonly torqueNm: NumberAt | null;
  /** Motor temperature. Unit: degC. Range: -40..210. */
  readonly temperatureC: IntegerAt | null;
  /** Controller input voltage. Unit: V. Range: 0..6000. */
  readonly controllerVoltageV: NumberAt | null;
  /** DC bus current of the controller. Unit: A. Range: -1000..1000. */
  readonly controllerCurrentA: NumberAt | null;
}

/** A list of whole numbers that were sent together, and when. */
export interface IntegersAt {
  /** In the order sent; null is a sentinel. Unit: as the field that holds it says. */
  readonly values: readonly (number | null)[];
  /** Event time of the report that the value comes from. Unit: ms since 1970-01-01 UTC. */
  readonly eventTime: number;
}

/** GB/T 32960.3-2016 table 12. Latest value of each signal; null where none was ever reported. */
export interface FuelCellSignals {
  /** Voltage. Unit: V. Range: 0..2000. */
  readonly voltageV: NumberAt | null;
  /** Current. Unit: A. Range: 0..2000. */
  readonly currentA: NumberAt | null;
  /** Fuel consumption. Unit: kg/100km. Range: 0..600. */
  readonly fuelConsumptionKgPer100Km: NumberAt | null;
  /** Probe temperatures in order. Unit: degC. Range: -40..200. */
  readonly probeTemperaturesC: IntegersAt | null;
  /** Highest temperature in the hydrogen system. Unit: degC. Range: -40..200. */
  readonly hydrogenMaxTemperatureC: NumberAt | null;
  /** Number of the probe with the highest temperature. Range: 1..252. No unit. */
  readonly hydrogenMaxTemperatureProbe: IntegerAt | null;
  /** Highest hydrogen concentration. Unit: mg/kg. Range: 0..60000. */
  readonly hydrogenMaxConcentrationMgPerKg: IntegerAt | null;
  /** Number of the sensor with the highest concentration. Range: 1..252. No unit. */
  readonly hydrogenMaxConcentrationSensor: IntegerAt | null;
  /** Highest hydrogen pressure. Unit: MPa. Range: 0..100. */
  readonly hydrogenMaxPressureMpa: NumberAt | null;
  /** Number of the sensor with the highest pressure. Range: 1..252. No unit. */
  readonly hydrogenMaxPressureSensor: IntegerAt | null;
  /** High-voltage DC-DC converter. Values: working, disconnected. */
  readonly hvDcdcStatus: TextAt | null;
  /**
   * Highest hydrogen concentration by volume (2025 edition; 2016 sends mg/kg). Unit: percent.
   * Range: 0..6.
   */
  readonly hydrogenMaxConcentrationPercent: NumberAt | null;
  /** Hydrogen that is left. Unit: percent. Range: 0..100. */
  readonly remainingHydrogenPercent: IntegerAt | null;
  /**
   * Temperature of the controller of the high-voltage DC-DC converter. Unit: degC. Range: -40..210.
   */
  readonly hvDcdcTemperatureC: IntegerAt | null;
}

/** GB/T 32960.3-2016 table 13. Latest value of each signal; null where none was ever reported. */
export interface EngineSignals {
  /** Values: on, off. */
  readonly status: TextAt | null;
  /** Crankshaft speed. Unit: r/min. Range: 0..60000. */
  readonly crankshaftSpeedRpm: IntegerAt | null;
  /** Fuel consumption. Unit: L/100km. Range: 0..600. */
  readonly fuelConsumptionLPer100Km: NumberAt | null;
}

/** GB/T 32960.3-2016 table 16. Latest value of each signal; null where none was ever reported. */
export interface ExtremesSignals {
  /** Subsystem of the cell with the highest voltage. Range: 1..250. No unit. */
  readonly maxCellVoltageSubsystem: IntegerAt | null;
  /** Number of the cell with the highest voltage. Range: 1..250. No unit. */
  readonly maxCellVoltageCell: IntegerAt | null;
  /** Highest cell voltage. Unit: mV. Range: 0..15000. */
  readonly maxCellVoltageMv: IntegerAt | null;
  /** Subsystem of the cell with the lowest voltage. Range: 1..250. No unit. */
  readonly minCellVoltageSubsystem: IntegerAt | null;
  /** Number of the cell with the lowest voltage. Range: 1..250. No unit. */
  readonly minCellVoltageCell: IntegerAt | null;
  /** Lowest cell voltage. Unit: mV. Range: 0..15000. */
  readonly minCellVoltageMv: IntegerAt | null;
  /** Subsystem of the probe with the highest temperature. Range: 1..250. No unit. */
  readonly maxTemperatureSubsystem: IntegerAt | null;
  /** Number of the probe with the highest temperature. Range: 1..250. No unit. */
  readonly maxTemperatureProbe: IntegerAt | null;
  /** Highest temperature. Unit: degC. Range: -40..210. */
  readonly maxTemperatureC: IntegerAt | null;
  /** Subsystem of the probe with the lowest temperature. Range: 1..250. No unit. */
  readonly minTemperatureSubsystem: IntegerAt | null;
  /** Number of the probe with the lowest temperature. Range: 1..250. No unit. */
  readonly minTemperatureProbe: IntegerAt | null;
  /** Lowest temperature. Unit: degC. Range: -40..210. */
  readonly minTemperatureC: IntegerAt | null;
}

/** Alarm items and when they held. */
export interface AlarmsAt {
  /** In the order sent. No unit. */
  readonly items: readonly AlarmState[];
  /** Event time of the report that the value comes from. Unit: ms since 1970-01-01 UTC. */
  readonly eventTime: number;
}

/** GB/T 32960.3-2016 tables B.5 to B.8. Latest value of each signal. */
export interface PackSignals {
  /** Number of the subsystem. Range: 1..250. No unit. */
  readonly no: number;
  /** Number of the first cell in cellVoltagesMv, from 1. Range: 1..65531. No unit. */
  readonly firstCell: number | null;
  /** Voltage of the subsystem. Unit: V. Range: 0..6000 (2016: 0..1000). */
  readonly voltageV: NumberAt | null;
  /** Current of the subsystem. Unit: A. Range: -3000..3000 (2016: -1000..1000). */
  readonly currentA: NumberAt | null;
  /**
   * Cells of the whole subsystem, also those sent in other frames. Unit: cells. Range: 1..65531.
   */
  readonly cellCount: IntegerAt | null;
  /** Cell voltages in order. Unit: mV. Range: 0..60000. */
  readonly cellVoltagesMv: IntegersAt | null;
  /** Probe temperatures in order. Unit: degC. Range: -40..210. */
  readonly temperaturesC: IntegersAt | null;
}

/** Which tenure of the processor wrote it, and from which input records. */
export interface Provenance {
  /** Tenure over the partition; a later owner has a higher one. No unit. */
  readonly epoch: number;
  /**
   * Offset of the latest record of this vehicle that is in it, for each input in the order
   * telemetry, backfill, lifecycle, heartbeat; -1 none. No unit.
   */
  readonly appliedOffsets: readonly number[];
  /**
   * For each input: everything before this offset in this partition is in the records of this topic
   * already. No unit.
   */
  readonly replayFromOffsets: readonly number[];
}

/**
 * What is known of one vehicle by now: the latest value of each signal with its own event time,
 * presence, completeness. Key: vehicleId; compacted, a null value means: forgotten. Written when a
 * value or the presence changes, and within STREAM_REFRESH_MS when only times moved on. After a
 * fault an older record may follow a newer one: the higher provenance.epoch is the newer, then the
 * higher appliedOffsets.
 */
export interface VehicleState {
  /** Identity that the MQTT broker authenticated; the VIN wherever there is one. No unit. */
  readonly vehicleId: string;
  /**
   * Wire format and edition of the report with the latest event time; empty while only messages
   * without a report came. Values: as Telemetry.codec.
   */
  readonly codec: string;
  /** When a bridge first received anything of this vehicle. Unit: ms since 1970-01-01 UTC. */
  readonly firstSeenTime: number;
  /**
   * When a bridge last received anything of this vehicle, reissued and repeated frames included.
   * Unit: ms since 1970-01-01 UTC.
   */
  readonly lastSeenTime: number;
  /**
   * Latest event time of all its reports; null while there was none. Unit: ms since 1970-01-01 UTC.
   */
  readonly lastEventTime: number | null;
  /**
   * Whether the vehicle is there. Values: online (heard within STATE_SILENT_AFTER_MS), silent (not
   * heard for longer), offline (logged out, disconnected from the broker, or not heard for
   * STATE_OFFLINE_AFTER_MS).
   */
  readonly presence: string;
  /**
   * What decided. Values: message (it was heard), silence (it was not), logout, disconnected,
   * timeout.
   */
  readonly presenceReason: string;
  /**
   * Since when, by receive time: online the last login or connect, null where none was seen since
   * it was last offline; silent the last message; offline the logout, the disconnect, or the end of
   * the time-out. Unit: ms since 1970-01-01 UTC.
   */
  readonly presenceSince: number | null;
  /** Receive time of the latest login or connect to the broker. Unit: ms since 1970-01-01 UTC. */
  readonly lastLoginTime: number | null;
  /** Receive time of the latest logout or disconnect. Unit: ms since 1970-01-01 UTC. */
  readonly lastOfflineTime: number | null;
  /** What lastOfflineTime is the time of. Values: logout, disconnected. */
  readonly lastOfflineReason: string | null;
  /**
   * Receive time of the latest message that is no logout and no disconnect. Unit: ms since
   * 1970-01-01 UTC.
   */
  readonly lastHeardTime: number | null;
  /**
   * The latest distinct event times of its reports, newest first: the first as it is, each further
   * one as distance to the one before it. At most 64. Unit: s since 1970-01-01 UTC, then s.
   */
  readonly recentReportsS: readonly number[];
  /**
   * The vehicle's own reporting period: lower median of the distances in recentReportsS; null with
   * fewer than 3 reports. Unit: s.
   */
  readonly reportPeriodS: number | null;
  /**
   * Reports there are in recentReportsS by those that its own period makes expected; a distance
   * beyond STATE_SESSION_GAP_MS is a pause, not a loss. Null where reportPeriodS is. Range: 0..1.
   * No unit.
   */
  readonly completenessRatio: number | null;
  /** The latest position, with a fix or without. No unit. */
  readonly position: PositionAt | null;
  /** The latest position with a valid fix. No unit. */
  readonly lastFix: PositionAt | null;
  /** The vehicle as a whole. No unit. */
  readonly vehicle: VehicleSignals | null;
  /** Drive motors by number, ascending. No unit. */
  readonly motors: readonly MotorSignals[];
  /** Fuel cell. No unit. */
  readonly fuelCell: FuelCellSignals | null;
  /** Combustion engine. No unit. */
  readonly engine: EngineSignals | null;
  /** Highest and lowest cell values of the whole energy storage. No unit. */
  readonly extremes: ExtremesSignals | null;
  /**
   * The alarm items of the latest report that had any; they belong together and are replaced
   * together. No unit.
   */
  readonly alarms: AlarmsAt | null;
  /**
   * Energy storage subsystems by number and first cell, ascending: one that is sent in pieces has
   * an entry for each piece. No unit.
   */
  readonly packs: readonly PackSignals[];
  /** How far this record is: for readers that replay. No unit. */
  readonly provenance: Provenance;
}
