// A Raspberry Pi Pico: the chip of rp2040js with our memory, boot ROM and instruction loop, its flash in a file, and figures
// about what runs on it.

import fs from "node:fs";
import { RP2040, SimulationClock } from "./rp2040js.mjs";
import { BootROM } from "./bootrom.mjs";
import { makeLoop } from "./loop.mjs";
import { Memory, PAGE, SECTOR, SRAM_SIZE, SRAM_START } from "./memory.mjs";
import { Serial } from "./serial.mjs";
import { blocks } from "./uf2.mjs";

const WATCHDOG = 0x40058;
const ROUND = 1e6; // nanoseconds that the loop runs at most before alarms are looked at
const DEEP = 5 << 10; // bytes of stack from which on what is in it is kept, for frames()
const STACK_TOP = SRAM_START + SRAM_SIZE; // MicroPython's, by its linker script

class Clock extends SimulationClock {
  elapsed = 0; // cycles that the instruction loop has done since the clock was moved

  constructor() {
    super();
    this.cycle = 1e9 / this.frequency; // nanoseconds
  }

  get nanos() {
    return this.nanosCounter + this.elapsed * this.cycle;
  }
}

/** Says each complaint of rp2040js once. */
class Logger {
  constructor(say) {
    this.say = say;
    this.said = new Set();
  }

  debug() {}

  info() {}

  warn(name, text) {
    const line = `${name}: ${text}`;
    if (this.said.has(line) || this.said.size > 100) return;
    this.said.add(line);
    this.say(line);
  }

  error(name, text) {
    this.warn(name, text);
  }
}

export class Board {
  /** flash: a file of flashSize bytes, made where there is none. output(bytes) hears the serial line, say(text) complaints. */
  constructor({ flash, flashSize = 2 << 20, output, say }) {
    this.memory = new Memory(flashSize);
    this.output = output;
    this.say = say;
    this.counts = { erased: 0, programmed: 0, resets: 0 };
    this.passed = 0; // nanoseconds until the last reset
    this.cut = 0; // flash operations until the power fails; 0: never
    this.ended = null; // why the board does not run any more
    this.file = fs.openSync(flash, fs.existsSync(flash) ? "r+" : "w+");
    fs.readSync(this.file, this.memory.flash, 0, flashSize, 0);
  }

  /** Put a firmware into the flash, as copying it to the boot loader's drive does. */
  load(path) {
    for (const [place, bytes] of blocks(fs.readFileSync(path), this.memory.flashSize)) this.memory.flash.set(bytes, place);
    this.save(0, this.memory.flashSize);
  }

  save(offset, count) {
    fs.writeSync(this.file, this.memory.flash, offset, count, offset);
  }

  powerOn() {
    this.memory.sram.fill(0);
    this.start(0, null);
  }

  /** A chip just out of reset; the watchdog's scratch registers survive that, as SRAM does. */
  start(reason, scratch) {
    this.clock = new Clock();
    this.chip = new RP2040(this.clock);
    this.memory.attach(this.chip);
    this.chip.logger = new Logger(this.say);
    const watchdog = this.chip.peripherals[WATCHDOG];
    watchdog.reason = reason;
    if (scratch) watchdog.scratchData.set(scratch);
    watchdog.onWatchdogTrigger = () => (this.resetReason = watchdog.reason);
    this.resetReason = 0;
    this.rom = new BootROM(this.memory, this);
    const waiting = this.serial?.queue ?? [];
    this.serial = new Serial(this.chip, this.output);
    this.serial.queue = waiting;
    this.rom.start(this.chip.core);
    this.watch = { lowest: STACK_TOP, limit: STACK_TOP - DEEP, keep: (lowest) => this.keep(lowest), kept: null };
    this.deepest ??= STACK_TOP;
    this.run = makeLoop(this.chip, this.memory, this.rom, this.clock, this.watch);
  }

  /** Nanoseconds since power came. */
  get nanos() {
    return this.passed + this.clock.nanosCounter;
  }

  get idle() {
    return this.chip.core.waiting;
  }

  /** Nanoseconds until something happens by itself. */
  get pause() {
    return this.clock.nextAlarm ? this.clock.nanosToNextAlarm : Infinity;
  }

  /** Let so many nanoseconds pass; with `lazily`, return as soon as the chip has nothing to do. */
  advance(nanos, lazily = false) {
    const end = this.nanos + nanos;
    while (this.nanos < end && !this.ended) {
      const { clock } = this;
      const { core } = this.chip;
      if (core.waiting) {
        if (lazily) return;
        clock.tick(Math.min(this.pause, end - this.nanos));
      } else {
        const span = Math.min(this.pause, end - this.nanos, ROUND);
        const cycles = this.run(Math.max(1, Math.ceil(span / clock.cycle)));
        clock.tick(cycles * clock.cycle);
        clock.cycle = 1e9 / this.chip.clkSys;
      }
      if (core.interruptsUpdated && core.checkForInterrupts()) core.waiting = false;
      if (this.resetReason) this.reset();
    }
  }

  reset() {
    const watchdog = this.chip.peripherals[WATCHDOG];
    this.counts.resets++;
    this.passed = this.nanos;
    this.keepDeepest();
    this.start(this.resetReason, watchdog.scratchData);
  }

  // What the boot ROM tells.

  cycles(nanos) {
    return Math.round(nanos / this.clock.cycle);
  }

  erased(offset, count) {
    this.counts.erased += count / SECTOR;
    this.flashed(offset, count);
  }

  programmed(offset, count) {
    this.counts.programmed += count / PAGE;
    this.flashed(offset, count);
  }

  flashed(offset, count) {
    this.save(offset, count);
    if (this.cut && !--this.cut) this.ended = "the power was cut";
  }

  bootloader() {
    this.ended = "the boot loader waits for a firmware";
  }

  // What one wants to know.

  keepDeepest() {
    this.deepest = Math.min(this.deepest, this.watch.lowest);
    this.watch.lowest = Math.min(STACK_TOP, this.chip.core.SP);
  }

  keep(lowest) {
    this.watch.kept = { lowest, sram: this.memory.sram.slice() };
  }

  /** The deepest the stack has been, in bytes; counts anew afterwards. */
  takeStack() {
    this.keepDeepest();
    const used = STACK_TOP - this.deepest;
    this.kept = this.watch.kept;
    this.watch.kept = null;
    this.deepest = STACK_TOP;
    return used;
  }
}
