// The instruction loop: a Cortex-M0+ at about the speed of the real one.
//
// rp2040js decodes each instruction by a chain of comparisons, and finds each address by another. This loop branches once
// on a table (decode.js) and reaches SRAM and flash directly. Registers are those of rp2040js's core; the rest of its state
// is local here while instructions run, and written back wherever rp2040js has to work: peripherals, exceptions, rare
// instructions. Cycles are those of ARM's reference manual (DDI 0484, table 3-1) without waits for the flash.

import { KINDS } from "./decode.mjs";
import { FLASH_OFFSET, FLASH_START, ROM_SIZE, SRAM_SIZE, SRAM_START } from "./memory.mjs";

const HANDLER = 1; // rp2040js's ExecutionMode.Mode_Handler
const FLASH_BASE = FLASH_START - FLASH_OFFSET; // of an address of the flash, minus this, is its place in the buffer
const SIO = 0xd;
const FIFO_STATUS = 0x50; // of the line to the other core, which is not there: always empty, never full
const FIFO_READY = 2;
const FIFO_READ = 0x58;

/** A function run(cycles) that executes at most about so many and returns how many it did.
 *
 * It returns early where something may have changed what is to be done next: a peripheral was written, an exception
 * returned, the core waits. watch.lowest is the lowest stack pointer so far; below
 * watch.limit, watch.keep(sp) hears of each that is lower. */
export function makeLoop(chip, memory, rom, clock, watch) {
  const { core, sio } = chip;
  const R = new Int32Array(core.registers.buffer);
  const M8 = new Uint8Array(memory.buffer);
  const M16 = new Uint16Array(memory.buffer);
  const M32 = new Int32Array(memory.buffer);
  const flashSize = memory.flashSize;
  const romBase = -memory.romOffset;

  const readSIO = (offset) => {
    if (offset === FIFO_STATUS) return FIFO_READY;
    return offset === FIFO_READ ? 0 : sio.readUint32(offset) | 0;
  };
  const read32 = (a) => {
    const o = a - FLASH_START;
    if (o >>> 0 < flashSize) return M32[(o + FLASH_OFFSET) >> 2];
    if (a >>> 28 === SIO) return readSIO(a & 0xfff);
    return chip.readUint32(a >>> 0) | 0;
  };
  const read16 = (a) => {
    const o = a - FLASH_START;
    return o >>> 0 < flashSize ? M16[(o + FLASH_OFFSET) >> 1] : chip.readUint16(a >>> 0);
  };
  const read8 = (a) => {
    const o = a - FLASH_START;
    return o >>> 0 < flashSize ? M8[o + FLASH_OFFSET] : chip.readUint8(a >>> 0);
  };
  /** Whether a write to this address can have changed what is to be done next. */
  const write32 = (a, value) => {
    if (a >>> 28 === SIO) {
      sio.writeUint32(a & 0xfff, value >>> 0);
      return false;
    }
    if (a >>> 26 === FLASH_START >>> 26 || a >>> 0 < ROM_SIZE) return false; // rp2040js's USB driver writes to 0
    chip.writeUint32(a >>> 0, value >>> 0);
    return true;
  };
  const writeNarrow = (a, value, size) => {
    if (a >>> 26 === FLASH_START >>> 26 || a >>> 0 < ROM_SIZE) return false;
    if (size === 1) chip.writeUint8(a >>> 0, value & 0xff);
    else chip.writeUint16(a >>> 0, value & 0xffff);
    return true;
  };

  const deeper = (sp) => {
    if (sp < watch.limit) watch.keep(sp);
    return sp;
  };
  /** Whether a jump there ends an exception. */
  const returns = (address) => address >>> 28 === 15 && core.currentMode === HANDLER;

  return function run(cycles) {
    let left = cycles;
    let result = core.N ? -1 : core.Z ? 0 : 1; // of the last instruction that set N and Z
    let carry = core.C ? 1 : 0;
    let overflow = core.V ? 1 : 0;
    let lowest = watch.lowest;
    let base = 0; // the address of an instruction is base + 2 * pc
    let pc = 0;
    let jump = R[15]; // where to go on, when `jumping`
    let jumping = true;
    let over = false; // leave the loop

    while (left > 0) {
      if (jumping) {
        jumping = false;
        if (jump >>> 28 === 2) base = SRAM_START;
        else if (jump >>> 24 === 0x10) base = FLASH_BASE;
        else if (jump >>> 0 < ROM_SIZE) base = romBase;
        else if (returns(jump)) {
          jumping = true;
          break;
        } else throw new Error("jump to 0x" + (jump >>> 0).toString(16));
        pc = ((jump & ~1) - base) >> 1;
      }
      const op = M16[pc++];
      left--;
      switch (KINDS[op]) {
        case 0: { // LSLS Rd, Rm, #imm
          const shift = (op >> 6) & 31;
          const value = R[(op >> 3) & 7];
          if (shift) carry = (value >>> (32 - shift)) & 1;
          R[op & 7] = result = value << shift;
          break;
        }
        case 1: { // LSRS Rd, Rm, #imm (0 means 32)
          const shift = (op >> 6) & 31;
          const value = R[(op >> 3) & 7];
          carry = (value >>> (shift ? shift - 1 : 31)) & 1;
          R[op & 7] = result = shift ? (value >>> shift) | 0 : 0;
          break;
        }
        case 2: { // ASRS Rd, Rm, #imm (0 means 32)
          const shift = (op >> 6) & 31;
          const value = R[(op >> 3) & 7];
          carry = (value >>> (shift ? shift - 1 : 31)) & 1;
          R[op & 7] = result = value >> (shift || 31);
          break;
        }
        case 3: { // ADDS Rd, Rn, Rm
          const a = R[(op >> 3) & 7];
          const b = R[(op >> 6) & 7];
          R[op & 7] = result = (a + b) | 0;
          carry = result >>> 0 < a >>> 0 ? 1 : 0;
          overflow = ((a ^ result) & (b ^ result)) < 0 ? 1 : 0;
          break;
        }
        case 4: { // SUBS Rd, Rn, Rm
          const a = R[(op >> 3) & 7];
          const b = R[(op >> 6) & 7];
          R[op & 7] = result = (a - b) | 0;
          carry = a >>> 0 >= b >>> 0 ? 1 : 0;
          overflow = ((a ^ b) & (a ^ result)) < 0 ? 1 : 0;
          break;
        }
        case 5: { // ADDS Rd, Rn, #imm3
          const a = R[(op >> 3) & 7];
          R[op & 7] = result = (a + ((op >> 6) & 7)) | 0;
          carry = result >>> 0 < a >>> 0 ? 1 : 0;
          overflow = (~a & result) < 0 ? 1 : 0;
          break;
        }
        case 6: { // SUBS Rd, Rn, #imm3
          const a = R[(op >> 3) & 7];
          const b = (op >> 6) & 7;
          R[op & 7] = result = (a - b) | 0;
          carry = a >>> 0 >= b ? 1 : 0;
          overflow = (a & ~result) < 0 ? 1 : 0;
          break;
        }
        case 7: // MOVS Rd, #imm8
          R[(op >> 8) & 7] = result = op & 0xff;
          break;
        case 8: { // CMP Rn, #imm8
          const a = R[(op >> 8) & 7];
          const b = op & 0xff;
          result = (a - b) | 0;
          carry = a >>> 0 >= b ? 1 : 0;
          overflow = (a & ~result) < 0 ? 1 : 0;
          break;
        }
        case 9: { // ADDS Rdn, #imm8
          const a = R[(op >> 8) & 7];
          R[(op >> 8) & 7] = result = (a + (op & 0xff)) | 0;
          carry = result >>> 0 < a >>> 0 ? 1 : 0;
          overflow = (~a & result) < 0 ? 1 : 0;
          break;
        }
        case 10: { // SUBS Rdn, #imm8
          const a = R[(op >> 8) & 7];
          const b = op & 0xff;
          R[(op >> 8) & 7] = result = (a - b) | 0;
          carry = a >>> 0 >= b ? 1 : 0;
          overflow = (a & ~result) < 0 ? 1 : 0;
          break;
        }
        case 11: // ANDS
          R[op & 7] = result = R[op & 7] & R[(op >> 3) & 7];
          break;
        case 12: // EORS
          R[op & 7] = result = R[op & 7] ^ R[(op >> 3) & 7];
          break;
        case 13: { // LSLS Rdn, Rm
          const shift = R[(op >> 3) & 7] & 0xff;
          const value = R[op & 7];
          if (shift) carry = shift <= 32 ? (value >>> (32 - shift)) & 1 : 0;
          R[op & 7] = result = shift < 32 ? value << shift : 0;
          break;
        }
        case 14: { // LSRS Rdn, Rm
          const shift = R[(op >> 3) & 7] & 0xff;
          const value = R[op & 7];
          if (shift) carry = shift <= 32 ? (value >>> (shift - 1)) & 1 : 0;
          R[op & 7] = result = shift < 32 ? (value >>> shift) | 0 : 0;
          break;
        }
        case 15: { // ASRS Rdn, Rm
          const shift = R[(op >> 3) & 7] & 0xff;
          const value = R[op & 7];
          if (shift) carry = (value >> Math.min(shift - 1, 31)) & 1;
          R[op & 7] = result = value >> Math.min(shift, 31);
          break;
        }
        case 16: // ADCS
        case 17: { // SBCS: adds the complement
          const a = R[op & 7];
          const b = op & 0x40 ? R[(op >> 3) & 7] : ~R[(op >> 3) & 7];
          const sum = (a >>> 0) + (b >>> 0) + carry;
          R[op & 7] = result = sum | 0;
          carry = sum > 0xffffffff ? 1 : 0;
          overflow = ((a ^ result) & (b ^ result)) < 0 ? 1 : 0;
          break;
        }
        case 18: { // RORS
          const shift = R[(op >> 3) & 7] & 0xff;
          const value = R[op & 7];
          result = shift & 31 ? (value >>> (shift & 31)) | (value << (32 - (shift & 31))) : value;
          if (shift) carry = result >>> 31;
          R[op & 7] = result;
          break;
        }
        case 19: // TST
          result = R[op & 7] & R[(op >> 3) & 7];
          break;
        case 20: { // RSBS Rd, Rn, #0
          const b = R[(op >> 3) & 7];
          R[op & 7] = result = -b | 0;
          carry = b === 0 ? 1 : 0;
          overflow = (b & result) < 0 ? 1 : 0;
          break;
        }
        case 21: { // CMP Rn, Rm
          const a = R[op & 7];
          const b = R[(op >> 3) & 7];
          result = (a - b) | 0;
          carry = a >>> 0 >= b >>> 0 ? 1 : 0;
          overflow = ((a ^ b) & (a ^ result)) < 0 ? 1 : 0;
          break;
        }
        case 22: { // CMN
          const a = R[op & 7];
          const b = R[(op >> 3) & 7];
          result = (a + b) | 0;
          carry = result >>> 0 < a >>> 0 ? 1 : 0;
          overflow = ((a ^ result) & (b ^ result)) < 0 ? 1 : 0;
          break;
        }
        case 23: // ORRS
          R[op & 7] = result = R[op & 7] | R[(op >> 3) & 7];
          break;
        case 24: // MULS
          R[op & 7] = result = Math.imul(R[op & 7], R[(op >> 3) & 7]);
          break;
        case 25: // BICS
          R[op & 7] = result = R[op & 7] & ~R[(op >> 3) & 7];
          break;
        case 26: // MVNS
          R[op & 7] = result = ~R[(op >> 3) & 7];
          break;
        case 27: { // ADD Rdn, Rm, of all registers
          const to = ((op >> 4) & 8) | (op & 7);
          const from = (op >> 3) & 15;
          const here = (base + (pc << 1) + 2) | 0;
          const sum = ((to === 15 ? here : R[to]) + (from === 15 ? here : R[from])) | 0;
          if (to === 15) {
            jump = sum;
            jumping = true;
            left--;
          } else if (to === 13) {
            R[13] = sum & ~3;
            if (R[13] >>> 0 < lowest) lowest = deeper(R[13] >>> 0);
          } else R[to] = sum;
          break;
        }
        case 28: { // CMP, of all registers
          const a = R[((op >> 4) & 8) | (op & 7)];
          const b = R[(op >> 3) & 15];
          result = (a - b) | 0;
          carry = a >>> 0 >= b >>> 0 ? 1 : 0;
          overflow = ((a ^ b) & (a ^ result)) < 0 ? 1 : 0;
          break;
        }
        case 29: { // MOV, of all registers
          const to = ((op >> 4) & 8) | (op & 7);
          const from = (op >> 3) & 15;
          const value = from === 15 ? (base + (pc << 1) + 2) | 0 : R[from];
          if (to === 15) {
            jump = value;
            jumping = true;
            left--;
          } else if (to === 13) {
            R[13] = value & ~3;
            if (R[13] >>> 0 < lowest) lowest = deeper(R[13] >>> 0);
          } else R[to] = value;
          break;
        }
        case 30: // BX
          jump = R[(op >> 3) & 15];
          jumping = true;
          left--;
          break;
        case 31: // BLX
          jump = R[(op >> 3) & 15];
          R[14] = (base + (pc << 1)) | 1;
          jumping = true;
          left--;
          break;
        case 32: // LDR Rt, [PC, #imm]
          left--;
          R[(op >> 8) & 7] = M32[(((pc << 1) + 2) >> 2) + (op & 0xff)];
          break;
        case 33: { // STR Rt, [Rn, Rm]
          const a = (R[(op >> 3) & 7] + R[(op >> 6) & 7]) | 0;
          const o = a - SRAM_START;
          left--;
          if (o >>> 0 < SRAM_SIZE) M32[o >> 2] = R[op & 7];
          else {
            clock.elapsed = cycles - left;
            over = write32(a, R[op & 7]);
          }
          break;
        }
        case 34: // STRH Rt, [Rn, Rm]
        case 35: { // STRB Rt, [Rn, Rm]
          const a = (R[(op >> 3) & 7] + R[(op >> 6) & 7]) | 0;
          const o = a - SRAM_START;
          const size = op & 0x400 ? 1 : 2;
          left--;
          if (o >>> 0 < SRAM_SIZE) {
            if (size === 1) M8[o] = R[op & 7];
            else M16[o >> 1] = R[op & 7];
          } else {
            clock.elapsed = cycles - left;
            over = writeNarrow(a, R[op & 7], size);
          }
          break;
        }
        case 36: { // LDRSB
          const a = (R[(op >> 3) & 7] + R[(op >> 6) & 7]) | 0;
          const o = a - SRAM_START;
          left--;
          clock.elapsed = cycles - left;
          R[op & 7] = ((o >>> 0 < SRAM_SIZE ? M8[o] : read8(a)) << 24) >> 24;
          break;
        }
        case 37: { // LDR Rt, [Rn, Rm]
          const a = (R[(op >> 3) & 7] + R[(op >> 6) & 7]) | 0;
          const o = a - SRAM_START;
          left--;
          if (o >>> 0 < SRAM_SIZE) R[op & 7] = M32[o >> 2];
          else {
            clock.elapsed = cycles - left;
            R[op & 7] = read32(a);
          }
          break;
        }
        case 38: { // LDRH Rt, [Rn, Rm]
          const a = (R[(op >> 3) & 7] + R[(op >> 6) & 7]) | 0;
          const o = a - SRAM_START;
          left--;
          clock.elapsed = cycles - left;
          R[op & 7] = o >>> 0 < SRAM_SIZE ? M16[o >> 1] : read16(a);
          break;
        }
        case 39: { // LDRB Rt, [Rn, Rm]
          const a = (R[(op >> 3) & 7] + R[(op >> 6) & 7]) | 0;
          const o = a - SRAM_START;
          left--;
          if (o >>> 0 < SRAM_SIZE) R[op & 7] = M8[o];
          else {
            clock.elapsed = cycles - left;
            R[op & 7] = read8(a);
          }
          break;
        }
        case 40: { // LDRSH
          const a = (R[(op >> 3) & 7] + R[(op >> 6) & 7]) | 0;
          const o = a - SRAM_START;
          left--;
          clock.elapsed = cycles - left;
          R[op & 7] = ((o >>> 0 < SRAM_SIZE ? M16[o >> 1] : read16(a)) << 16) >> 16;
          break;
        }
        case 41: { // STR Rt, [Rn, #imm]
          const a = (R[(op >> 3) & 7] + ((op >> 4) & 0x7c)) | 0;
          const o = a - SRAM_START;
          left--;
          if (o >>> 0 < SRAM_SIZE) M32[o >> 2] = R[op & 7];
          else {
            clock.elapsed = cycles - left;
            over = write32(a, R[op & 7]);
          }
          break;
        }
        case 42: { // LDR Rt, [Rn, #imm]
          const a = (R[(op >> 3) & 7] + ((op >> 4) & 0x7c)) | 0;
          const o = a - SRAM_START;
          left--;
          if (o >>> 0 < SRAM_SIZE) R[op & 7] = M32[o >> 2];
          else {
            clock.elapsed = cycles - left;
            R[op & 7] = read32(a);
          }
          break;
        }
        case 43: { // STRB Rt, [Rn, #imm]
          const a = (R[(op >> 3) & 7] + ((op >> 6) & 31)) | 0;
          const o = a - SRAM_START;
          left--;
          if (o >>> 0 < SRAM_SIZE) M8[o] = R[op & 7];
          else {
            clock.elapsed = cycles - left;
            over = writeNarrow(a, R[op & 7], 1);
          }
          break;
        }
        case 44: { // LDRB Rt, [Rn, #imm]
          const a = (R[(op >> 3) & 7] + ((op >> 6) & 31)) | 0;
          const o = a - SRAM_START;
          left--;
          if (o >>> 0 < SRAM_SIZE) R[op & 7] = M8[o];
          else {
            clock.elapsed = cycles - left;
            R[op & 7] = read8(a);
          }
          break;
        }
        case 45: { // STRH Rt, [Rn, #imm]
          const a = (R[(op >> 3) & 7] + ((op >> 5) & 0x3e)) | 0;
          const o = a - SRAM_START;
          left--;
          if (o >>> 0 < SRAM_SIZE) M16[o >> 1] = R[op & 7];
          else {
            clock.elapsed = cycles - left;
            over = writeNarrow(a, R[op & 7], 2);
          }
          break;
        }
        case 46: { // LDRH Rt, [Rn, #imm]
          const a = (R[(op >> 3) & 7] + ((op >> 5) & 0x3e)) | 0;
          const o = a - SRAM_START;
          left--;
          if (o >>> 0 < SRAM_SIZE) R[op & 7] = M16[o >> 1];
          else {
            clock.elapsed = cycles - left;
            R[op & 7] = read16(a);
          }
          break;
        }
        case 47: // STR Rt, [SP, #imm]: the stack is always SRAM
          left--;
          M32[(R[13] - SRAM_START + ((op & 0xff) << 2)) >> 2] = R[(op >> 8) & 7];
          break;
        case 48: // LDR Rt, [SP, #imm]
          left--;
          R[(op >> 8) & 7] = M32[(R[13] - SRAM_START + ((op & 0xff) << 2)) >> 2];
          break;
        case 49: // ADR
          R[(op >> 8) & 7] = ((base + (pc << 1) + 2) & ~3) + ((op & 0xff) << 2);
          break;
        case 50: // ADD Rd, SP, #imm
          R[(op >> 8) & 7] = R[13] + ((op & 0xff) << 2);
          break;
        case 51: // ADD SP, #imm
          R[13] += (op & 0x7f) << 2;
          break;
        case 52: // SUB SP, #imm
          R[13] -= (op & 0x7f) << 2;
          if (R[13] >>> 0 < lowest) lowest = deeper(R[13] >>> 0);
          break;
        case 53: // SXTH
          R[op & 7] = (R[(op >> 3) & 7] << 16) >> 16;
          break;
        case 54: // SXTB
          R[op & 7] = (R[(op >> 3) & 7] << 24) >> 24;
          break;
        case 55: // UXTH
          R[op & 7] = R[(op >> 3) & 7] & 0xffff;
          break;
        case 56: // UXTB
          R[op & 7] = R[(op >> 3) & 7] & 0xff;
          break;
        case 57: { // PUSH
          let place = (R[13] - SRAM_START) >> 2;
          if (op & 0x100) M32[--place] = R[14];
          for (let i = 7; i >= 0; i--) if (op & (1 << i)) M32[--place] = R[i];
          const top = SRAM_START + (place << 2);
          left -= (R[13] - top) >> 2;
          R[13] = top;
          if (top >>> 0 < lowest) lowest = deeper(top >>> 0);
          break;
        }
        case 58: { // POP
          const begin = (R[13] - SRAM_START) >> 2;
          let place = begin;
          for (let i = 0; i < 8; i++) if (op & (1 << i)) R[i] = M32[place++];
          if (op & 0x100) {
            jump = M32[place++];
            jumping = true;
            left -= 2;
          }
          left -= place - begin;
          R[13] = SRAM_START + (place << 2);
          break;
        }
        case 59: { // REV
          const value = R[(op >> 3) & 7];
          R[op & 7] = (value << 24) | ((value & 0xff00) << 8) | ((value >> 8) & 0xff00) | (value >>> 24);
          break;
        }
        case 60: { // REV16
          const value = R[(op >> 3) & 7];
          R[op & 7] = ((value & 0x00ff00ff) << 8) | ((value >>> 8) & 0x00ff00ff);
          break;
        }
        case 61: { // REVSH
          const value = R[(op >> 3) & 7];
          R[op & 7] = ((value << 24) >> 16) | ((value >> 8) & 0xff);
          break;
        }
        case 62: // BKPT: a function of the boot ROM
          if (base !== romBase) throw new Error("breakpoint at 0x" + (base + (pc << 1) - 2).toString(16));
          clock.elapsed = cycles - left;
          left -= rom.call(op & 0xff, R);
          break;
        case 63: // NOP
          break;
        case 64: // SEV
          core.eventRegistered = true;
          break;
        case 65: { // STMIA
          const to = (op >> 8) & 7;
          let a = R[to];
          for (let i = 0; i < 8; i++) {
            if (op & (1 << i)) {
              const o = a - SRAM_START;
              left--;
              if (o >>> 0 < SRAM_SIZE) M32[o >> 2] = R[i];
              else {
                clock.elapsed = cycles - left;
                over = write32(a, R[i]) || over;
              }
              a = (a + 4) | 0;
            }
          }
          R[to] = a;
          break;
        }
        case 66: { // LDMIA
          const from = (op >> 8) & 7;
          let a = R[from];
          for (let i = 0; i < 8; i++) {
            if (op & (1 << i)) {
              const o = a - SRAM_START;
              left--;
              clock.elapsed = cycles - left;
              R[i] = o >>> 0 < SRAM_SIZE ? M32[o >> 2] : read32(a);
              a = (a + 4) | 0;
            }
          }
          if (!(op & (1 << from))) R[from] = a;
          break;
        }
        case 67: // BEQ
          if (result === 0) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 68: // BNE
          if (result !== 0) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 69: // BCS
          if (carry) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 70: // BCC
          if (!carry) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 71: // BMI
          if (result < 0) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 72: // BPL
          if (result >= 0) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 73: // BVS
          if (overflow) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 74: // BVC
          if (!overflow) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 75: // BHI
          if (carry && result !== 0) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 76: // BLS
          if (!carry || result === 0) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 77: // BGE
          if (result >>> 31 === overflow) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 78: // BLT
          if (result >>> 31 !== overflow) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 79: // BGT
          if (result !== 0 && result >>> 31 === overflow) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 80: // BLE
          if (result === 0 || result >>> 31 !== overflow) (pc += ((op << 24) >> 24) + 1), left--;
          break;
        case 81: // B
          pc += ((op << 21) >> 21) + 1;
          left--;
          break;
        case 82: { // BL
          const next = M16[pc];
          if (next >> 14 === 3 && next & 0x1000) {
            const sign = (op >> 10) & 1;
            const high = (sign << 23) | ((1 ^ sign ^ ((next >> 13) & 1)) << 22) | ((1 ^ sign ^ ((next >> 11) & 1)) << 21);
            R[14] = (base + (pc << 1) + 2) | 1;
            pc += 1 + (((high | ((op & 0x3ff) << 11) | (next & 0x7ff)) << 8) >> 8);
            left -= 2;
            break;
          }
        }
        // else a barrier, MRS or MSR
        default: // what is rare
          R[15] = (base + (pc << 1) - 2) | 0;
          [core.N, core.Z, core.C, core.V] = [result < 0, result === 0, carry === 1, overflow === 1];
          clock.elapsed = cycles - left;
          left -= core.executeInstruction() - 1;
          [carry, overflow] = [core.C ? 1 : 0, core.V ? 1 : 0];
          result = core.N ? -1 : core.Z ? 0 : 1;
          if (R[13] >>> 0 < lowest) lowest = deeper(R[13] >>> 0);
          jump = R[15];
          jumping = true;
          over = core.interruptsUpdated || core.waiting;
      }
      if (over) break;
    }
    [core.N, core.Z, core.C, core.V] = [result < 0, result === 0, carry === 1, overflow === 1];
    if (!jumping) R[15] = (base + (pc << 1)) | 0;
    else if (returns(jump)) core.exceptionReturn(jump & 0x0fffffff);
    else R[15] = jump & ~1;
    watch.lowest = lowest;
    clock.elapsed = 0;
    return cycles - left;
  };
}
