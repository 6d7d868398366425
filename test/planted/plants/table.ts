// All plants. A new one is an entry in a file beside this one.

import type { Plant } from '../plant.ts';
import { acknowledgementPlants } from './acknowledgement.ts';
import { recordPlants } from './records.ts';
import { statePlants } from './state.ts';

export const plants: readonly Plant[] = [...acknowledgementPlants, ...recordPlants, ...statePlants];
