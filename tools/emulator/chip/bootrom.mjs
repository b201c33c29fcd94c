// A boot ROM for the RP2040 of our own: what chapter 2.8 of its data sheet promises to programs, done in JavaScript.
//
// Each function is a stub of two instructions, `bkpt #n; bx lr`. The instruction loop hands the breakpoint to call(),
// which does the work on the registers and tells the cycles it would have taken; then the program returns by itself.

import { FLASH_OFFSET, PAGE, SECTOR } from "./memory.mjs";

const VERSION = 3; // 2 would need the SDK's shim for sine and cosine at fixed addresses
const STACK = 0x20041f00;
const SECOND_STAGE = 0x20041f00;
const SECOND_STAGE_SIZE = 256;

// The data sheet's typical times of the flash (W25Q16JV), in nanoseconds.
const ERASE_TIME = 45e6;
const PROGRAM_TIME = 0.5e6;

const FLOAT_CYCLES = 70; // add, subtract, multiply and divide alike (data sheet 2.8.3.2.1), within a few
const SHORT = 20; // cycles of a small function

const floats = new Float32Array(1);
const floatBits = new Int32Array(floats.buffer);
const doubles = new Float64Array(1);
const doubleBits = new Int32Array(doubles.buffer);

/** A float from its bits; the ROM takes a denormal for zero. */
function toFloat(bits) {
  floatBits[0] = (bits & 0x7f800000) === 0 ? bits & 0x80000000 : bits;
  return floats[0];
}

function fromFloat(value) {
  floats[0] = value;
  const bits = floatBits[0];
  return (bits & 0x7f800000) === 0 ? bits & 0x80000000 : bits;
}

function toDouble(low, high) {
  doubleBits[0] = low;
  doubleBits[1] = high;
  return doubles[0];
}

function putDouble(R, value) {
  doubles[0] = value;
  R[0] = doubleBits[0];
  R[1] = doubleBits[1];
}

const clamp = (value, least, most) => (value > least ? (value < most ? value : most) : least) || 0;
const toInt = (value) => clamp(Math.floor(value), -0x80000000, 0x7fffffff);
const toUint = (value) => clamp(Math.floor(value), 0, 0xffffffff);
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const unary = (f) => (R) => void (R[0] = fromFloat(f(toFloat(R[0]))));
const binary = (f) => (R) => void (R[0] = fromFloat(f(toFloat(R[0]), toFloat(R[1]))));
const unaryDouble = (f) => (R) => putDouble(R, f(toDouble(R[0], R[1])));
const binaryDouble = (f) => (R) => putDouble(R, f(toDouble(R[0], R[1]), toDouble(R[2], R[3])));

/** 64 bits of r1:r0 as a float with one rounding: a double in between would round a second time. */
function int64ToFloat(R, signed) {
  let value = (BigInt(R[1] >>> 0) << 32n) | BigInt(R[0] >>> 0);
  if (signed) value = BigInt.asIntN(64, value);
  const negative = value < 0n;
  if (negative) value = -value;
  const surplus = BigInt(Math.max(0, value.toString(2).length - 40));
  const kept = value >> surplus; // 40 bits, of which the last also stands for whatever is cut off
  const exact = Number(kept << surplus !== value ? kept | 1n : kept) * 2 ** Number(surplus);
  R[0] = fromFloat(negative ? -exact : exact);
}

// Offsets in the tables of floating point functions (data sheet 2.8.3.2); what nobody was seen to call is not there.
const FLOAT = {
  0x00: binary((a, b) => a + b),
  0x04: binary((a, b) => a - b),
  0x08: binary((a, b) => a * b),
  0x0c: binary((a, b) => a / b),
  0x18: unary(Math.sqrt),
  0x1c: (R) => void (R[0] = toInt(toFloat(R[0]))),
  0x24: (R) => void (R[0] = toUint(toFloat(R[0]))),
  0x2c: (R) => void (R[0] = fromFloat(R[0])),
  0x34: (R) => void (R[0] = fromFloat(R[0] >>> 0)),
  0x3c: unary(Math.cos),
  0x40: unary(Math.sin),
  0x44: unary(Math.tan),
  0x4c: unary(Math.exp),
  0x50: unary(Math.log),
  0x54: (R) => void (R[0] = compare(toFloat(R[0]), toFloat(R[1]))),
  0x58: binary(Math.atan2),
  0x5c: (R) => int64ToFloat(R, true),
  0x64: (R) => int64ToFloat(R, false),
  0x7c: (R) => putDouble(R, toFloat(R[0])),
};
const DOUBLE = {
  0x00: binaryDouble((a, b) => a + b),
  0x04: binaryDouble((a, b) => a - b),
  0x08: binaryDouble((a, b) => a * b),
  0x0c: binaryDouble((a, b) => a / b),
  0x18: unaryDouble(Math.sqrt),
  0x1c: (R) => void (R[0] = toInt(toDouble(R[0], R[1]))),
  0x24: (R) => void (R[0] = toUint(toDouble(R[0], R[1]))),
  0x2c: (R) => putDouble(R, R[0]),
  0x34: (R) => putDouble(R, R[0] >>> 0),
  0x7c: (R) => void (R[0] = fromFloat(toDouble(R[0], R[1]))),
};
const TABLE_SIZE = 0x80;

function reverse(value) {
  let result = 0;
  for (let i = 0; i < 32; i++) result |= ((value >>> i) & 1) << (31 - i);
  return result;
}

function ones(value) {
  let count = 0;
  for (; value; value &= value - 1) count++;
  return count;
}

export class BootROM {
  /** board: what hears of the flash (erased, programmed), and of a wish for the USB boot loader (bootloader). */
  constructor(memory, board) {
    this.memory = memory;
    this.board = board;
    this.calls = []; // what each stub does
    this.bytes = new DataView(memory.buffer, memory.romOffset);
    this.build();
  }

  /** Lay out header, tables and stubs (data sheet 2.8.2.1 and 2.8.3). */
  build() {
    const { bytes } = this;
    let free = 0x20;
    const stub = (call) => {
      const address = free;
      bytes.setUint16(address, 0xbe00 | this.calls.length, true); // bkpt #n
      bytes.setUint16(address + 2, 0x4770, true); // bx lr
      this.calls.push(call);
      free += 4;
      return address | 1;
    };
    const table = (entries) => {
      const address = free;
      for (const [code, pointer] of entries) {
        bytes.setUint16(free, code.charCodeAt(0) | (code.charCodeAt(1) << 8), true);
        bytes.setUint16(free + 2, pointer, true);
        free += 4;
      }
      free += 4; // an entry of zeros ends it
      return address;
    };
    const pointers = (functions, kind) => {
      bytes.setUint8(free + 2, TABLE_SIZE / 4); // the length in words stands two bytes before the table
      free += 4;
      const address = free;
      free += TABLE_SIZE;
      for (let offset = 0; offset < TABLE_SIZE; offset += 4) {
        const work = functions[offset] ?? missing(`${kind} ${offset.toString(16)}`);
        const call = (R) => (work(R), FLOAT_CYCLES);
        bytes.setUint32(address + offset, stub(call), true);
      }
      return address;
    };
    bytes.setUint32(0, STACK, true);
    bytes.setUint32(4, stub(missing("reset")), true);
    bytes.setUint32(8, stub(missing("NMI")), true);
    bytes.setUint32(12, stub(missing("hard fault")), true);
    [0x4d, 0x75, 0x01, VERSION].forEach((value, i) => bytes.setUint8(0x10 + i, value)); // "Mu"
    const functions = Object.entries(this.functions()).map(([code, call]) => [code, stub(call)]);
    const data = [["SF", pointers(FLOAT, "SF")], ["SD", pointers(DOUBLE, "SD")]]; // prettier-ignore
    bytes.setUint16(0x14, table(functions), true);
    bytes.setUint16(0x16, table(data), true);
    bytes.setUint16(0x18, stub((R) => this.lookup(R)), true);
  }

  functions() {
    const idle = () => SHORT;
    const copy = (R) => this.copy(R);
    const fill = (R) => this.fill(R);
    return {
      MC: copy,
      C4: copy,
      MS: fill,
      S4: fill,
      L3: (R) => ((R[0] = Math.clz32(R[0])), SHORT),
      T3: (R) => ((R[0] = R[0] ? 31 - Math.clz32(R[0] & -R[0]) : 32), SHORT),
      P3: (R) => ((R[0] = ones(R[0])), SHORT),
      R3: (R) => ((R[0] = reverse(R[0])), SHORT),
      IF: idle,
      EX: idle,
      FC: idle,
      CX: idle,
      RE: (R) => this.erase(R),
      RP: (R) => this.program(R),
      UB: () => (this.board.bootloader(), SHORT),
    };
  }

  /** The work of breakpoint n; returns the cycles. */
  call(n, R) {
    return this.calls[n](R);
  }

  /** rom_table_lookup(table, code): the pointer, or 0. */
  lookup(R) {
    const [table, code] = [R[0], R[1] & 0xffff];
    R[0] = 0;
    let place = table;
    for (; this.bytes.getUint16(place, true); place += 4) {
      if (this.bytes.getUint16(place, true) === code) {
        R[0] = this.bytes.getUint16(place + 2, true);
        break;
      }
    }
    return SHORT + 2 * (place - table);
  }

  copy(R) {
    const count = R[2] >>> 0;
    const to = this.memory.bytes(R[0], count);
    const from = this.memory.bytes(R[1], count);
    if (to && from) to.set(from);
    else if (count) throw new Error(`memcpy of ${count} bytes from ${hex(R[1])} to ${hex(R[0])}`);
    return SHORT + ((R[0] | R[1]) & 3 ? count * 5 : count); // words where both are aligned
  }

  fill(R) {
    const count = R[2] >>> 0;
    const to = this.memory.bytes(R[0], count);
    if (to) to.fill(R[1] & 0xff);
    else if (count) throw new Error(`memset of ${count} bytes at ${hex(R[0])}`);
    return SHORT + (count >> 1);
  }

  /** flash_range_erase(offset, count, ...) */
  erase(R) {
    const [offset, count] = [R[0] >>> 0, R[1] >>> 0];
    this.memory.flash.fill(0xff, offset, offset + count);
    this.board.erased(offset, count);
    return this.board.cycles((count / SECTOR) * ERASE_TIME);
  }

  /** flash_range_program(offset, data, count): bits only ever become 0. */
  program(R) {
    const [offset, count] = [R[0] >>> 0, R[2] >>> 0];
    const from = this.memory.bytes(R[1], count);
    if (!from) throw new Error(`flash is programmed from ${hex(R[1])}`);
    const { flash } = this.memory;
    for (let i = 0; i < count; i++) flash[offset + i] &= from[i];
    this.board.programmed(offset, count);
    return this.board.cycles((count / PAGE) * PROGRAM_TIME);
  }

  /** What the ROM does at a reset: check the second stage, copy it to the end of SRAM, go on there. */
  start(core) {
    const { flash, buffer, sram } = this.memory;
    const stage = flash.subarray(0, SECOND_STAGE_SIZE - 4);
    const wanted = new DataView(buffer, FLASH_OFFSET).getUint32(SECOND_STAGE_SIZE - 4, true);
    if (crc32(stage) !== wanted) throw new Error("there is no firmware in the flash");
    sram.set(flash.subarray(0, SECOND_STAGE_SIZE), SECOND_STAGE - 0x20000000);
    core.SP = STACK;
    core.LR = 0;
    core.PC = SECOND_STAGE;
  }
}

function missing(name) {
  return () => {
    throw new Error(`this boot ROM has no function ${name}`);
  };
}

const hex = (value) => "0x" + (value >>> 0).toString(16);

/** The CRC of the second stage: polynomial 0x04c11db7, first bit highest, nothing inverted at the end. */
function crc32(data) {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte << 24;
    for (let i = 0; i < 8; i++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  }
  return crc >>> 0;
}
