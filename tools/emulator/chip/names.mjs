// MicroPython's interned names (qstrs) as seen from outside. They lie in pools of py/qstr.c: the pool before, how many names all
// before have (and a flag in the highest bit), room, names, hashes, lengths, and the texts' addresses.

import { FLASH_START, ROM_SIZE, SRAM_SIZE, SRAM_START } from "./memory.mjs";

const POOL = 24; // bytes of a pool's head
const MOST_POOLS = 50;
const MOST_NAMES = 100_000; // in a pool

/** How many names there are beside those of the firmware, and how many that has. */
export function names(board) {
  const [last] = pools(board);
  if (!last) return { error: "there are no names" };
  const all = last.total + last.count;
  const firmware = pools(board).find((pool) => pool.address < SRAM_START);
  return { names: all - firmware.total - firmware.count, firmware: firmware.total + firmware.count };
}

/** The pools, the last first; none where there is no MicroPython. */
export function pools(board) {
  const { memory } = board;
  const pool = (address) => {
    const bytes = address % 4 || address < ROM_SIZE ? null : memory.bytes(address, POOL);
    if (!bytes) return null;
    const [before, total, room, count, hashes, lengths] = new Uint32Array(bytes.buffer, bytes.byteOffset, POOL / 4);
    const ours = address >= SRAM_START; // then its tables follow it at once
    if (ours ? count > room || hashes !== address + POOL + 4 * room : address >>> 28 !== FLASH_START >>> 28) return null;
    return { memory, address, before, total: total & 0x7fffffff, count, lengths };
  };
  const chain = (address) => {
    const found = [];
    for (let next = pool(address); next; next = pool(next.before)) {
      const after = found.at(-1);
      if (found.length > MOST_POOLS || next.count > MOST_NAMES || (after && after.total !== next.total + next.count)) return [];
      found.push(next);
      if (next.before === 0) return next.total === 0 && next.count > 0 ? found : [];
    }
    return [];
  };
  let best = [];
  for (const address of new Set(new Uint32Array(memory.buffer, 0, SRAM_SIZE / 4))) {
    if (address < FLASH_START || address >= SRAM_START + SRAM_SIZE) continue;
    const found = chain(address);
    if (found.length > best.length) best = found;
  }
  return best;
}

/** The text of a name by its number; null where there is none. */
export function nameOf(pools, number) {
  const pool = pools.find((pool) => number >= pool.total);
  if (!pool || number >= pool.total + pool.count) return null;
  const { memory } = pool;
  const index = number - pool.total;
  const word = (address) => new DataView(memory.buffer, memory.bytes(address, 4).byteOffset).getUint32(0, true);
  const text = memory.bytes(word(pool.address + POOL + 4 * index), memory.bytes(pool.lengths + index, 1)[0]);
  return text && Buffer.from(text).toString();
}
