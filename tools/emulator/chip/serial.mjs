// The computer's end of the chip's USB cable: enumerates it, and then is its serial line.

import { USBCDC } from "./rp2040js.mjs";

const SOF_RD = 0x48; // reading it clears the interrupt
const INTE = 0x90;
const START_OF_FRAME = 1 << 17;
const FRAME = 1e6; // nanoseconds

export class Serial {
  /** received(bytes) hears what the chip sends. */
  constructor(chip, received) {
    this.usb = chip.usbCtrl;
    this.cdc = new USBCDC(this.usb);
    this.queue = []; // bytes for the chip
    this.held = []; // sizes of the reads that wait for them
    this.cdc.onSerialData = received;
    // USBCDC answers a read with nothing at once, and the chip asks again at once; a real host's silence lets it sleep.
    this.usb.onEndpointRead = (endpoint, size) => {
      if (endpoint !== this.cdc.outEndpoint) return;
      this.held.push(size);
      this.serve();
    };
    this.countFrames(chip.clock);
  }

  send(bytes) {
    for (const byte of bytes) this.queue.push(byte);
    this.serve();
  }

  serve() {
    while (this.queue.length && this.held.length) {
      const piece = this.queue.splice(0, this.held.shift());
      this.usb.endpointReadDone(this.cdc.outEndpoint, Uint8Array.from(piece));
    }
  }

  /** Tell the chip of each frame while it wants to hear it: rp2040js does so for a USB host alone. MicroPython's first
   * output waits for some of them. */
  countFrames(clock) {
    const { usb } = this;
    const alarm = clock.createAlarm(() => {
      usb.sofFrameNumber = (usb.sofFrameNumber + 1) & 0x7ff;
      usb.intRaw |= START_OF_FRAME;
      usb.checkInterrupts();
      next();
    });
    const next = () => (usb.intEnable & START_OF_FRAME ? alarm.schedule(FRAME) : alarm.cancel());
    const read = usb.readUint32.bind(usb);
    const write = usb.writeUint32.bind(usb);
    usb.readUint32 = (offset) => {
      if (offset === SOF_RD) {
        usb.intRaw &= ~START_OF_FRAME;
        usb.checkInterrupts();
      }
      return read(offset);
    };
    usb.writeUint32 = (offset, value) => {
      const enabled = usb.intEnable & START_OF_FRAME;
      write(offset, value);
      if (offset === INTE && (usb.intEnable & START_OF_FRAME) !== enabled) next();
    };
  }
}
