// Firmware files: the blocks of a UF2 for the RP2040.

import { FLASH_START } from "./memory.mjs";

const BLOCK = 512;
const MAGICS = [0x0a324655, 0x9e5d5157];
const NOT_MAIN_FLASH = 1;
const HAS_FAMILY = 0x2000;
const RP2040 = 0xe48bff56;

/** [[place in the flash, bytes]] of a UF2 file. */
export function blocks(data, flashSize) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const found = [];
  for (let begin = 0; begin + BLOCK <= data.length; begin += BLOCK) {
    const word = (i) => view.getUint32(begin + 4 * i, true);
    if (word(0) !== MAGICS[0] || word(1) !== MAGICS[1]) throw new Error("it is no UF2 file");
    if (word(2) & NOT_MAIN_FLASH || (word(2) & HAS_FAMILY && word(7) !== RP2040)) continue;
    const place = word(3) - FLASH_START;
    if (place < 0 || place + word(4) > flashSize) throw new Error("it does not fit into the flash");
    found.push([place, data.subarray(begin + 32, begin + 32 + word(4))]);
  }
  if (!found.length) throw new Error("nothing in it is for an RP2040");
  return found;
}
