// MicroPython's heap as seen from outside: what is reachable, and the largest free piece after a collection that is only
// thought, so that asking changes nothing. The layout is that of py/gc.c: a table of two bits for each block of 16 bytes.

import { SRAM_SIZE, SRAM_START } from "./memory.mjs";

const BLOCK = 16;
const FREE = 0;
const HEAD = 1;
const TAIL = 2;

export function heap(board) {
  const words = new Uint32Array(board.memory.buffer, 0, SRAM_SIZE / 4);
  const area = find(words);
  if (!area) return { error: "there is no heap of MicroPython" };
  const { start, count, states } = area;
  const marked = mark(board, words, area);
  let free = 0;
  let largest = 0;
  let run = 0;
  let used = 0;
  let keeping = false;
  for (let block = 0; block < count; block++) {
    if (states[block] === HEAD) keeping = marked[block] === 1;
    if (states[block] !== FREE) used++;
    if (states[block] !== FREE && keeping) run = 0;
    else {
      free++;
      largest = Math.max(largest, ++run);
    }
  }
  return { start, size: count * BLOCK, used: used * BLOCK, live: (count - free) * BLOCK, largest: largest * BLOCK };
}

/** The heap's place, from what MicroPython keeps about it: table, its length, finalisers, begin and end of the blocks. */
function find(words) {
  const inside = (value) => value >= SRAM_START && value <= SRAM_START + SRAM_SIZE;
  for (let i = 0; i + 5 < words.length; i++) {
    const [table, length] = [words[i], words[i + 1]];
    if (!inside(table) || length < 64 || length > 8192) continue;
    for (const j of [i + 2, i + 3]) {
      const [start, end] = [words[j], words[j + 1]];
      if (!inside(start) || !inside(end) || start <= table || end - start !== length * 4 * BLOCK) continue;
      return { table, start, count: length * 4, states: states(words, table, length) };
    }
  }
  return null;
}

function states(words, table, length) {
  const bytes = new Uint8Array(words.buffer, table - SRAM_START, length);
  const found = new Uint8Array(length * 4);
  for (let i = 0; i < found.length; i++) found[i] = (bytes[i >> 2] >> (2 * (i & 3))) & 3;
  return found;
}

/** What is reachable from everything outside of the heap: static memory, the stack as far as it is in use, registers. */
function mark(board, words, { table, start, count, states }) {
  const marked = new Uint8Array(count);
  const waiting = [];
  const end = start + count * BLOCK;
  const visit = (value) => {
    if (value < start || value >= end || value % BLOCK) return;
    const block = (value - start) / BLOCK;
    if (states[block] !== HEAD || marked[block]) return;
    marked[block] = 1;
    waiting.push(block);
  };
  const { core } = board.chip;
  const outside = [[0, table - SRAM_START], [core.SP - SRAM_START, SRAM_SIZE]]; // prettier-ignore
  for (const [from, to] of outside) for (let i = from >> 2; i < to >> 2; i++) visit(words[i]);
  core.registers.forEach(visit);
  while (waiting.length) {
    let block = waiting.pop();
    do {
      const first = (start - SRAM_START + block * BLOCK) >> 2;
      for (let i = 0; i < BLOCK / 4; i++) visit(words[first + i]);
    } while (states[++block] === TAIL);
  }
  return marked;
}
