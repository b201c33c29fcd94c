// What we use of rp2040js, which lies where the variable RP2040JS says: it is fetched, not part of this tree.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(join(process.env.RP2040JS, "dist", "esm", name)));

export const { RP2040 } = await load("rp2040.js");
export const { USBCDC } = await load("usb/cdc.js");
export const { SimulationClock } = await load("clock/simulation-clock.js");
