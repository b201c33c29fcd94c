// Which functions of Python were on the stack when it was at its deepest: what to shorten where it comes near its end.
//
// A call of bytecode has an mp_code_state_t (py/bc.h), on the stack or, where it is large, in the heap: function, place in
// its bytecode, ... It is known by that place lying inside the bytecode of that function.

import { SRAM_SIZE, SRAM_START } from "./memory.mjs";
import { nameOf, pools } from "./names.mjs";

const TOP = SRAM_START + SRAM_SIZE;
const LONGEST = 1 << 15; // bytes of a function

/** [[bytes of stack at that call, name, file]] from the outermost on, as they were when the stack was last
 * taken. */
export function frames(board) {
  const { sram, lowest } = board.kept ?? {};
  if (!sram) return { error: "the stack has not been that deep" };
  const view = new DataView(sram.buffer);
  const read = (address) => {
    if (address >= SRAM_START && address + 4 <= TOP) return view.getUint32(address - SRAM_START, true);
    const bytes = board.memory.bytes(address, 4);
    return bytes ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) : 0;
  };
  const byte = (address) => (read(address & ~3) >>> (8 * (address & 3))) & 0xff;
  const last = pools(board);
  const known = new Set();
  const found = [];
  for (let place = TOP - 4; place >= lowest; place -= 4) {
    for (const state of [place, read(place)]) {
      if (state % 4 || state < SRAM_START || state >= TOP || known.has(state)) continue;
      const name = called(read, byte, last, state);
      if (!name) continue;
      known.add(state);
      found.push([TOP - place, ...name]);
    }
  }
  return { depth: TOP - lowest, frames: found };
}

/** The name of the function whose code state begins there, and its file; null where there is none. */
function called(read, byte, last, state) {
  const [func, place] = [read(state), read(state + 4)];
  if (func % 16 || func < SRAM_START || func >= TOP) return null;
  const [context, bytecode] = [read(func + 4), read(func + 12)];
  if (place <= bytecode || place - bytecode > LONGEST || !context || !bytecode) return null;
  let ip = bytecode;
  while (byte(ip++) & 0x80);
  while (byte(ip++) & 0x80);
  let index = 0;
  for (let more = 0x80; more & 0x80; ) {
    more = byte(ip++);
    index = (index << 7) | (more & 0x7f);
  }
  const table = read(context + 8);
  const name = (i) => nameOf(last, (byte(table + 2 * i + 1) << 8) | byte(table + 2 * i));
  return table && name(index) ? [name(index), name(0)] : null;
}
