// How a car moves: mode, speed, heading, place, and the power that this takes from its battery.

import type { Car } from './car.ts';
import type { Random } from './random.ts';

export type Mode = 'driving' | 'parked' | 'charging';

export interface Drive {
  mode: Mode;
  /** What is left of the mode; a car only leaves `driving` when it stands. */
  modeLeftSeconds: number;
  speedMs: number;
  targetMs: number;
  accelerationMs2: number;
  /** 0 is north, clockwise. */
  headingDeg: number;
  longitudeDeg: number;
  latitudeDeg: number;
  odometerKm: number;
  /** At the wheels; negative while braking. */
  forceN: number;
  /** What drive and auxiliaries take from the battery; negative while recuperating. */
  powerKw: number;
}

const gravityMs2 = 9.81;
const rollingFactor = 0.01;
// Half the density of air times drag coefficient times front area.
const dragNs2PerM2 = 0.45;
const driveEfficiency = 0.9;
const recuperation = 0.65;
const earthRadiusM = 6_371_000;

export function startDrive(random: Random): Drive {
  const mode = random.pick<Mode>([
    'driving',
    'driving',
    'driving',
    'driving',
    'charging',
    'parked',
  ]);
  return {
    mode,
    modeLeftSeconds: random.between(30, 300),
    speedMs: mode === 'driving' ? random.between(0, 15) : 0,
    targetMs: random.between(5, 20),
    accelerationMs2: 0,
    headingDeg: random.between(0, 360),
    // Somewhere in the Yangtze delta.
    longitudeDeg: random.between(119.5, 121.9),
    latitudeDeg: random.between(30.4, 32.1),
    odometerKm: random.between(100, 180_000),
    forceN: 0,
    powerKw: 0,
  };
}

/** `seconds` at most 1, else the acceleration overshoots. `socPercent` decides about charging. */
export function advanceDrive(drive: Drive, { car, random, seconds, socPercent }: DriveStep): void {
  drive.modeLeftSeconds -= seconds;
  if (drive.mode === 'driving') {
    const wantsToStop = drive.modeLeftSeconds <= 0 || socPercent < 6;
    steer(drive, { car, random, seconds, wantsToStop });
    move(drive, seconds);
    if (wantsToStop && drive.speedMs === 0) park(drive, random, socPercent < 40);
    else draw(drive, car);
    return;
  }
  drive.powerKw = drive.mode === 'parked' ? 0.05 : 0;
  if (drive.modeLeftSeconds > 0 || socPercent < 10) return;
  depart(drive, random);
}

export interface DriveStep {
  readonly car: Car;
  readonly random: Random;
  readonly seconds: number;
  readonly socPercent: number;
}

interface Steering extends Omit<DriveStep, 'socPercent'> {
  readonly wantsToStop: boolean;
}

function steer(drive: Drive, { car, random, seconds, wantsToStop }: Steering): void {
  if (wantsToStop) drive.targetMs = 0;
  else if (random.chance(0.08 * seconds)) {
    drive.targetMs = random.chance(0.15) ? 0 : (car.cruiseKmh / 3.6) * random.between(0.4, 1.1);
  }
  drive.headingDeg = (drive.headingDeg + random.normal(0, 4) * seconds + 360) % 360;
  const wanted = (drive.targetMs - drive.speedMs) * 0.4;
  drive.accelerationMs2 = Math.min(accelerationMax(drive, car), Math.max(-3, wanted));
  drive.speedMs = Math.max(0, drive.speedMs + drive.accelerationMs2 * seconds);
  // The approach to a stop never ends otherwise.
  if (drive.targetMs === 0 && drive.speedMs < 0.5) drive.speedMs = 0;
  if (drive.speedMs === 0) drive.accelerationMs2 = Math.max(0, drive.accelerationMs2);
}

/** What comfort allows, and what the motors have left after a standing start. */
function accelerationMax({ speedMs }: Drive, { powerMaxKw, massKg }: Car): number {
  return Math.min(2.2, (powerMaxKw * 1000 * 0.8) / (massKg * Math.max(speedMs, 2)));
}

function move(drive: Drive, seconds: number): void {
  const metres = drive.speedMs * seconds;
  const heading = (drive.headingDeg * Math.PI) / 180;
  const perDegree = (earthRadiusM * Math.PI) / 180;
  drive.latitudeDeg += (metres * Math.cos(heading)) / perDegree;
  const shrink = Math.cos((drive.latitudeDeg * Math.PI) / 180);
  drive.longitudeDeg += (metres * Math.sin(heading)) / (perDegree * shrink);
  drive.odometerKm += metres / 1000;
}

function draw(drive: Drive, { massKg, powerMaxKw }: Car): void {
  const { speedMs } = drive;
  const rolling = speedMs === 0 ? 0 : massKg * gravityMs2 * rollingFactor;
  drive.forceN = massKg * drive.accelerationMs2 + rolling + dragNs2PerM2 * speedMs * speedMs;
  const wheelsKw = (drive.forceN * speedMs) / 1000;
  const auxiliariesKw = 0.8;
  const efficiency = wheelsKw > 0 ? 1 / driveEfficiency : recuperation;
  // Brakes take what the motors cannot recuperate.
  drive.powerKw = Math.max(-powerMaxKw / 2, wheelsKw * efficiency) + auxiliariesKw;
}

function park(drive: Drive, random: Random, needsCharge: boolean): void {
  drive.mode = needsCharge || random.chance(0.4) ? 'charging' : 'parked';
  drive.modeLeftSeconds = random.between(60, 600);
  drive.accelerationMs2 = 0;
  drive.forceN = 0;
  drive.powerKw = 0;
}

function depart(drive: Drive, random: Random): void {
  drive.mode = 'driving';
  drive.modeLeftSeconds = random.between(120, 900);
  drive.targetMs = random.between(5, 15);
}
