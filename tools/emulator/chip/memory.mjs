// The memory of an RP2040 in one buffer, so that the instruction loop reaches all of it through the same three arrays.

export const SRAM_START = 0x20000000;
export const SRAM_SIZE = 264 * 1024;
export const FLASH_START = 0x10000000;
export const ROM_SIZE = 16 * 1024;
const USB_START = 0x50100000;
export const SECTOR = 4096;
export const PAGE = 256;

// Where each begins in the buffer: SRAM first, because an address of it then needs no addition.
export const FLASH_OFFSET = SRAM_SIZE;

export class Memory {
  constructor(flashSize) {
    this.flashSize = flashSize;
    this.romOffset = FLASH_OFFSET + flashSize;
    this.buffer = new ArrayBuffer(this.romOffset + ROM_SIZE);
    this.sram = new Uint8Array(this.buffer, 0, SRAM_SIZE);
    this.flash = new Uint8Array(this.buffer, FLASH_OFFSET, flashSize).fill(0xff);
    this.rom = new Uint32Array(this.buffer, this.romOffset, ROM_SIZE / 4);
  }

  /** Make it the memory of a chip of rp2040js, which brings its own. */
  attach(chip) {
    chip.sram = this.sram;
    chip.sramView = new DataView(this.buffer, 0, SRAM_SIZE);
    chip.flash = this.flash;
    chip.flash16 = new Uint16Array(this.buffer, FLASH_OFFSET, this.flashSize / 2);
    chip.flashView = new DataView(this.buffer, FLASH_OFFSET, this.flashSize);
    chip.bootrom = this.rom;
    this.usb = chip.usbDPRAM;
  }

  /** The bytes at an address of the chip; null where there is no memory for all of them. */
  bytes(address, count) {
    address >>>= 0;
    let offset, end;
    if (address >= SRAM_START && address < SRAM_START + SRAM_SIZE) [offset, end] = [address - SRAM_START, SRAM_SIZE];
    else if (address >>> 26 === FLASH_START >>> 26)
      [offset, end] = [FLASH_OFFSET + (address & 0xffffff), this.romOffset]; // four mirrors: cached or not
    else if (address < ROM_SIZE) [offset, end] = [this.romOffset + address, this.buffer.byteLength];
    else if (address >>> 12 === USB_START >>> 12) {
      const begin = address - USB_START;
      return begin + count <= this.usb.length ? this.usb.subarray(begin, begin + count) : null;
    } else return null;
    return offset + count <= end ? new Uint8Array(this.buffer, offset, count) : null;
  }
}
