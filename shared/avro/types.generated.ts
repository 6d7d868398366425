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

/** GB/T 32960.3-2016 tables 14 and 15. */
export interface Position {
  /** False: no valid fix; the coordinates are the last valid ones. No unit. */
  readonly hasFix: boolean;
  /** East is positive. Unit: degree. Range: -180..180. */
  readonly longitudeDeg: number | null;
  /** North is positive. Unit: degree. Range: -90..90. */
  readonly latitudeDeg: number | null;
  /** Geodetic datum of the coordinates. Values: unknown (the 2016 edition names none). */
  readonly datum: string;
  /**
   * Status byte: bit 0 no fix, bit 1 south, bit 2 west, bits 3..7 reserved. Range: 0..255. No unit.
   */
  readonly statusRaw: number;
}

/** GB/T 32960.3-2016 tables 9 and B.4. */
export interface Vehicle {
  /** Values: started, off, other. */
  readonly status: string | null;
  /** Values: parked_charging, driving_charging, not_charging, charge_complete. */
  readonly chargeStatus: string | null;
  /** Values: electric, hybrid, fuel. */
  readonly runMode: string | null;
  /** Speed. Unit: km/h. Range: 0..220. */
  readonly speedKmh: number | null;
  /** Accumulated distance. Unit: km. Range: 0..999999.9. */
  readonly odometerKm: number | null;
  /** Total voltage. Unit: V. Range: 0..1000. */
  readonly packVoltageV: number | null;
  /** Total current; in captured frames discharge is positive. Unit: A. Range: -1000..1000. */
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
}

/** GB/T 32960.3-2016 table 11. */
export interface Motor {
  /** Sequence number of the motor. Range: 1..253. No unit. */
  readonly no: number;
  /** Values: consuming, generating, off, ready. */
  readonly status: string | null;
  /** Controller temperature. Unit: degC. Range: -40..210. */
  readonly controllerTemperatureC: number | null;
  /** Rotor speed. Unit: r/min. Range: -20000..45531. */
  readonly speedRpm: number | null;
  /** Torque. Unit: N.m. Range: -2000..4553.1. */
  readonly torqueNm: number | null;
  /** Motor temperature. Unit: degC. Range: -40..210. */
  readonly temperatureC: number | null;
  /** Controller input voltage. Unit: V. Range: 0..6000. */
  readonly controllerVoltageV: number | null;
  /** DC bus current of the controller. Unit: A. Range: -1000..1000. */
  readonly controllerCurrentA: number | null;
}

/** GB/T 32960.3-2016 table 12. */
export interface FuelCell {
  /** Voltage. Unit: V. Range: 0..2000. */
  readonly voltageV: number | null;
  /** Current. Unit: A. Range: 0..2000. */
  readonly currentA: number | null;
  /** Fuel consumption. Unit: kg/100km. Range: 0..600. */
  readonly fuelConsumptionKgPer100Km: number | null;
  /** Probe temperatures in order. Unit: degC. Range: -40..200. */
  readonly probeTemperaturesC: readonly (number | null)[];
  /** Highest temperature in the hydrogen system. Unit: degC. Range: -40..200. */
  readonly hydrogenMaxTemperatureC: number | null;
  /** Number of the probe with the highest temperature. Range: 1..252. No unit. */
  readonly hydrogenMaxTemperatureProbe: number | null;
  /** Highest hydrogen concentration. Unit: mg/kg. Range: 0..60000. */
  readonly hydrogenMaxConcentrationMgPerKg: number | null;
  /** Number of the sensor with the highest concentration. Range: 1..252. No unit. */
  readonly hydrogenMaxConcentrationSensor: number | null;
  /** Highest hydrogen pressure. Unit: MPa. Range: 0..100. */
  readonly hydrogenMaxPressureMpa: number | null;
  /** Number of the sensor with the highest pressure. Range: 1..252. No unit. */
  readonly hydrogenMaxPressureSensor: number | null;
  /** High-voltage DC-DC converter. Values: working, disconnected. */
  readonly hvDcdcStatus: string | null;
}

/** GB/T 32960.3-2016 table 13. */
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

/** GB/T 32960.3-2016 tables 17 and 18. */
export interface AlarmState {
  /**
   * Highest alarm level: 0 none, 1 no effect on driving, 2 limit driving, 3 stop at once. Range:
   * 0..3. No unit.
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
}

/** GB/T 32960.3-2016 tables B.5 to B.8. */
export interface Pack {
  /** Number of the subsystem. Range: 1..250. No unit. */
  readonly no: number;
  /** Voltage of the subsystem. Unit: V. Range: 0..1000. */
  readonly voltageV: number | null;
  /** Current of the subsystem. Unit: A. Range: -1000..1000. */
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

/**
 * Everything that one report of a vehicle carries. Key: vehicleId. Duplicates share (vehicleId,
 * frameId). A null field alone means: not reported. A sentinel of the standard is null and listed
 * in fieldStates.
 */
export interface Telemetry {
  /**
   * Identity of the content: XXH64 (seed 0, big-endian) over vehicleId, 0x00, protocol family, 0x00
   * and the plain data unit. A reissued report equals its original. No unit.
   */
  readonly frameId: FrameId | null;
  /** Which bridge received the frame and where in its order. No unit. */
  readonly origin: Origin;
  /** Identity that the MQTT broker authenticated; the VIN wherever there is one. No unit. */
  readonly vehicleId: string;
  /** Identity that the frame itself carries, where it is another one than vehicleId. No unit. */
  readonly terminalId: string | null;
  /** Wire format and edition. Values: gb32960-2016. */
  readonly codec: string;
  /**
   * True when the vehicle stored the report and sent it later (GB/T 32960 command 0x03). No unit.
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
  /** State of the report's signature. Values: absent, unchecked, valid, invalid. */
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
}

/** GB/T 32960.3-2016 table 6. */
export interface Login {
  /** SIM card number as sent. No unit. */
  readonly iccid: string;
  /** Rechargeable energy storage subsystems. Unit: subsystems. Range: 0..255. */
  readonly ressCount: number;
  /** Length of one subsystem code; 0 means that none is sent. Unit: bytes. Range: 0..255. */
  readonly ressCodeLength: number;
  /** Subsystem codes. No unit. */
  readonly ressCodes: readonly string[];
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

/** GB/T 32960.3-2016 tables B.9 to B.17. Each has a number or a text. */
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

/**
 * What a vehicle says beside reports: login, logout, heartbeat, time sync, answers, and messages
 * kept as bytes. Key: vehicleId. A body-less message has a null frameId and is idempotent.
 */
export interface Lifecycle {
  /**
   * Identity of the content: XXH64 (seed 0, big-endian) over vehicleId, 0x00, protocol family, 0x00
   * and the plain data unit. Null for a message without body. No unit.
   */
  readonly frameId: FrameId | null;
  /** Which bridge received the frame and where in its order. No unit. */
  readonly origin: Origin;
  /** Identity that the MQTT broker authenticated; the VIN wherever there is one. No unit. */
  readonly vehicleId: string;
  /**
   * Identity that the frame itself carries, where it is another one than vehicleId (platform
   * messages). No unit.
   */
  readonly terminalId: string | null;
  /** Wire format and edition. Values: gb32960-2016. */
  readonly codec: string;
  /**
   * What it is. Values: login, logout, heartbeat, time_sync, platform_login, platform_logout,
   * parameter_query, parameter_answer, parameter_setting, control, answer, opaque, connected and
   * disconnected (what the MQTT broker says of the vehicle's connection).
   */
  readonly event: string;
  /**
   * How far it was decoded. Values: accept, answer, opaque, partial (a parameter setting that
   * breaks inside an intact frame).
   */
  readonly outcome: string;
  /** Why a message was not decoded, or only in part. Null otherwise. No unit. */
  readonly reason: string | null;
  /** Command byte. Range: 0..255. No unit. */
  readonly command: number;
  /** Response flag; 254 is a command. Range: 0..255. No unit. */
  readonly response: number;
  /** Encryption byte; 1 is none. Range: 0..255. No unit. */
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
  /** Login serial; the logout carries that of its login. Range: 0..65535. No unit. */
  readonly serial: number | null;
  /** Body of a vehicle login. No unit. */
  readonly login: Login | null;
  /** Body of a platform login. No unit. */
  readonly platformLogin: PlatformLogin | null;
  /**
   * Undecoded data unit: of an opaque message all of it, of an answer what follows the time. No
   * unit.
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
  /** Geodetic datum of the coordinates. Values: unknown (the 2016 edition names none). */
  readonly datum: string;
  /**
   * Status byte: bit 0 no fix, bit 1 south, bit 2 west, bits 3..7 reserved. Range: 0..255. No unit.
   */
  readonly statusRaw: number;
  /** Event time of the report that the value comes from. Unit: ms since 1970-01-01 UTC. */
  readonly eventTime: number;
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
  /** Speed. Unit: km/h. Range: 0..220. */
  readonly speedKmh: NumberAt | null;
  /** Accumulated distance. Unit: km. Range: 0..999999.9. */
  readonly odometerKm: NumberAt | null;
  /** Total voltage. Unit: V. Range: 0..1000. */
  readonly packVoltageV: NumberAt | null;
  /** Total current; in captured frames discharge is positive. Unit: A. Range: -1000..1000. */
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
}

/** GB/T 32960.3-2016 table 11. Latest value of each signal. */
export interface MotorSignals {
  /** Sequence number of the motor. Range: 1..253. No unit. */
  readonly no: number;
  /** Values: consuming, generating, off, ready. */
  readonly status: TextAt | null;
  /** Controller temperature. Unit: degC. Range: -40..210. */
  readonly controllerTemperatureC: IntegerAt | null;
  /** Rotor speed. Unit: r/min. Range: -20000..45531. */
  readonly speedRpm: IntegerAt | null;
  /** Torque. Unit: N.m. Range: -2000..4553.1. */
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
  /** Voltage of the subsystem. Unit: V. Range: 0..1000. */
  readonly voltageV: NumberAt | null;
  /** Current of the subsystem. Unit: A. Range: -1000..1000. */
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
