// The 16-bit instructions of a Cortex-M0+, sorted into kinds: KINDS[instruction] is what the instruction loop branches on.

export const K = {};
const NAMES = `LSL_IMM LSR_IMM ASR_IMM ADD_REG SUB_REG ADD_IMM3 SUB_IMM3 MOV_IMM CMP_IMM ADD_IMM SUB_IMM
 AND EOR LSL LSR ASR ADC SBC ROR TST NEG CMP CMN ORR MUL BIC MVN
 ADD_HIGH CMP_HIGH MOV_HIGH BX BLX LDR_PC
 STR_REG STRH_REG STRB_REG LDRSB_REG LDR_REG LDRH_REG LDRB_REG LDRSH_REG
 STR LDR STRB LDRB STRH LDRH STR_SP LDR_SP ADR ADD_SP ADJUST_SP_UP ADJUST_SP_DOWN
 SXTH SXTB UXTH UXTB PUSH POP REV REV16 REVSH BKPT NOP SEV STM LDM
 BEQ BNE BCS BCC BMI BPL BVS BVC BHI BLS BGE BLT BGT BLE B BL OTHER`.split(/\s+/);
NAMES.forEach((name, i) => (K[name] = i));

/** The kind of one instruction. OTHER is rare, and left to rp2040js: MRS, MSR, CPS, SVC, WFI, WFE, barriers. */
function kind(op) {
  const top5 = op >> 11;
  if (top5 < 3) return K.LSL_IMM + top5;
  if (top5 === 3) return K.ADD_REG + ((op >> 9) & 3);
  if (top5 < 8) return K.MOV_IMM + top5 - 4;
  if (op >> 10 === 0b010000) return K.AND + ((op >> 6) & 15);
  if (op >> 10 === 0b010001) {
    const what = (op >> 8) & 3;
    if (what < 3) return K.ADD_HIGH + what;
    return op & 7 ? K.OTHER : op & 0x80 ? K.BLX : K.BX;
  }
  if (top5 === 0b01001) return K.LDR_PC;
  if (op >> 12 === 0b0101) return K.STR_REG + ((op >> 9) & 7);
  if (top5 < 0b10100) return K.STR + top5 - 0b01100;
  if (top5 === 0b10100) return K.ADR;
  if (top5 === 0b10101) return K.ADD_SP;
  if (op >> 12 === 0b1011) return miscellaneous(op);
  if (top5 === 0b11000) return K.STM;
  if (top5 === 0b11001) return K.LDM;
  if (op >> 12 === 0b1101) return ((op >> 8) & 15) < 14 ? K.BEQ + ((op >> 8) & 15) : K.OTHER;
  if (top5 === 0b11100) return K.B;
  if (top5 === 0b11110) return K.BL; // or a barrier, MRS, MSR: the second half tells
  return K.OTHER;
}

function miscellaneous(op) {
  const top8 = (op >> 8) & 15;
  if (top8 === 0) return op & 0x80 ? K.ADJUST_SP_DOWN : K.ADJUST_SP_UP;
  if (top8 === 2) return K.SXTH + ((op >> 6) & 3);
  if ((top8 & 0b1110) === 0b0100) return K.PUSH;
  if ((top8 & 0b1110) === 0b1100) return K.POP;
  if (top8 === 0b1010) return [K.REV, K.REV16, K.OTHER, K.REVSH][(op >> 6) & 3];
  if (top8 === 0b1110) return K.BKPT;
  if (op === 0xbf00) return K.NOP;
  if (op === 0xbf40) return K.SEV;
  return K.OTHER;
}

export const KINDS = Uint8Array.from({ length: 65536 }, (_, op) => kind(op));
