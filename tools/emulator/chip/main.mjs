// The process of an emulated board: node main.mjs OPTIONS, with OPTIONS in JSON.
//
// options.line is the file descriptor of the serial line. On options.control come requests, a line of JSON each, and go their
// answers. The board runs freely, never ahead of the clock on the wall while it has nothing to do, until a request says `hold`.
// Held, time passes for it during `exchange` alone, as fast as this computer can: the same requests give the same figures.

import net from "node:net";
import { createInterface } from "node:readline";
import { Board } from "./board.mjs";
import { frames } from "./frames.mjs";
import { heap } from "./heap.mjs";
import { names } from "./names.mjs";

const SLICE = 2e6; // nanoseconds of the board between two looks at the host
const LATE = 1e9; // by so much the board's clock may be behind before it is set anew
const SECOND = 1e9;
const MOST_UNREAD = 1 << 20; // bytes of output that nobody has taken; then the board waits
const UNREAD_WAIT = 5; // milliseconds

const options = JSON.parse(process.argv[2]);
const line = new net.Socket({ fd: options.line });
const control = new net.Socket({ fd: options.control });
const say = (text) => options.verbose && process.stderr.write(`pico: ${text}\n`);

let heard = null; // bytes of the serial line, while an exchange collects them
const board = new Board({
  ...options,
  say,
  output: (bytes) => (heard ? heard.push(...bytes) : line.write(bytes)),
});

let held = Boolean(options.hold);
let lead = 0; // the wall's nanoseconds at which the board's clock would have been zero
let timer = null;

const wall = () => Number(process.hrtime.bigint());

function free() {
  timer = null;
  if (held || end()) return;
  let behind = wall() - lead - board.nanos;
  const slip = behind < 0 ? behind : Math.max(0, behind - LATE); // time that was won by working fast, or is lost
  lead += slip;
  behind -= slip;
  if (board.idle) board.advance(Math.min(behind, 10 * SLICE));
  else board.advance(SLICE, true);
  let wait = 0;
  behind = wall() - lead - board.nanos;
  if (board.idle && behind < SLICE) wait = Math.min(board.pause - behind, SECOND) / 1e6;
  else if (line.writableLength > MOST_UNREAD) wait = UNREAD_WAIT;
  timer = wait >= 1 ? setTimeout(free, wait) : (setImmediate(free), null);
}

/** Whether the board has stopped for good; then this process ends. */
function end() {
  if (!board.ended) return false;
  process.stderr.write(`pico: ${board.ended}\n`);
  line.end(() => process.exit(3));
  return true;
}

function wake() {
  if (timer) {
    clearTimeout(timer);
    free();
  }
}

const requests = {
  hold: () => ((held = true), {}),
  release() {
    held = false;
    lead = wall() - board.nanos;
    setImmediate(free);
    return {};
  },
  /** Send bytes, and let time pass until the output matches, `seconds` have gone or the board ends. */
  exchange({ send = "", until = null, seconds = 10 }) {
    const start = board.nanos;
    const last = start + seconds * SECOND;
    const pattern = until === null ? null : new RegExp(until);
    heard = [];
    board.serial.send(Buffer.from(send, "base64"));
    let seen = 0;
    let matched = false;
    let text = "";
    while (board.nanos < last && !board.ended && !matched) {
      board.advance(Math.min(1e5, last - board.nanos));
      if (heard.length === seen) continue;
      text += Buffer.from(heard.slice(seen)).toString("latin1");
      seen = heard.length;
      matched = pattern !== null && pattern.test(text);
    }
    const output = Buffer.from(heard).toString("base64");
    heard = null;
    return { output, matched, nanos: board.nanos - start, stack: board.takeStack() };
  },
  figures: () => ({ nanos: board.nanos, ...board.counts, stack: board.takeStack(), ended: board.ended }),
  time: () => ({ nanos: board.nanos }),
  heap: () => heap(board),
  names: () => names(board),
  frames: () => frames(board),
  /** The power fails after so many more operations on the flash. */
  cut: ({ operations }) => ((board.cut = operations), {}),
  reset: () => (board.reset(), {}),
};

line.on("data", (bytes) => {
  board.serial.send(bytes);
  wake();
});
line.on("error", () => {});
createInterface({ input: control }).on("line", (text) => {
  let answer;
  try {
    const { request, ...rest } = JSON.parse(text);
    answer = requests[request](rest);
  } catch (error) {
    answer = { error: error.message };
  }
  control.write(JSON.stringify(answer) + "\n");
});
control.on("end", () => process.exit(0)); // nobody holds this board any more

try {
  for (const firmware of options.images) board.load(firmware);
  board.powerOn();
} catch (error) {
  process.stderr.write(`pico: ${error.message}\n`);
  process.exit(1);
}
lead = wall();
control.write("{}\n"); // it is on
free();
