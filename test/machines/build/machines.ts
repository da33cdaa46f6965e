// Every machine there are files of.
import { a18Pro } from './a18-pro';
import { m1 } from './m1';
import { m1Max } from './m1-max';
import { m1Pro } from './m1-pro';
import { m1Ultra, m1UltraLoaded } from './m1-ultra';
import { m2 } from './m2';
import { m2Max } from './m2-max';
import { m2Pro } from './m2-pro';
import { m2Ultra } from './m2-ultra';
import { m3 } from './m3';
import { m3Max } from './m3-max';
import { m3Pro } from './m3-pro';
import { m3Ultra } from './m3-ultra';
import { m4 } from './m4';
import { m4Max } from './m4-max';
import { m4Pro } from './m4-pro';
import { m5 } from './m5';
import { m5Max } from './m5-max';
import { m5Pro } from './m5-pro';
import { virtualMac } from './vm';
import type { Machine } from './types';

export const MACHINES: readonly Machine[] = [
  m1,
  m1Pro,
  m1Max,
  m1Ultra,
  m1UltraLoaded,
  m2,
  m2Pro,
  m2Max,
  m2Ultra,
  m3,
  m3Pro,
  m3Max,
  m3Ultra,
  m4,
  m4Pro,
  m4Max,
  m5,
  m5Pro,
  m5Max,
  a18Pro,
  virtualMac,
];
