// What every page shares: elements, icons, and the choice between dark and light.

/** Create an element: h("p", {class: "dim", onclick: f}, "text", child, ...). Text is never parsed as HTML. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && name !== "list" && name !== "form" && typeof value !== "string") node[name] = value;
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const ICONS = {
  dashboard: "M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z",
  terminal: "M4 5h16v14H4zM7.5 9.5 10 12l-2.5 2.5M12.5 15H16",
  files: "M3.5 6.5a1.5 1.5 0 0 1 1.5-1.5h4l2 2.5h8A1.5 1.5 0 0 1 20.5 9v9a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18z",
  processes: "M4 7h10M4 12h16M4 17h7M18 5v4M15 15v4",
  gpio: "M8 3v3M12 3v3M16 3v3M8 18v3M12 18v3M16 18v3M3 8h3M3 12h3M3 16h3M18 8h3M18 12h3M18 16h3M6 6h12v12H6z",
  log: "M6 3.5h9l3.5 3.5v13.5H6zM9 10h6.5M9 13.5h6.5M9 17h4",
  settings: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1",
  camera: "M4 7.5h3.5L9.5 5h5l2 2.5H20V19H4zM12 9.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  about: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.7v.1",
  folder: "M3.5 6.5a1.5 1.5 0 0 1 1.5-1.5h4l2 2.5h8A1.5 1.5 0 0 1 20.5 9v9a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18z",
  file: "M6.5 3.5h7.5l3.5 3.5v13.5h-11zM13.5 3.5v4h4",
  plus: "M12 5v14M5 12h14", close: "M6 6l12 12M18 6 6 18", more: "M5 12h.01M12 12h.01M19 12h.01",
  upload: "M12 16V5M7 9.5 12 4.5l5 5M5 19.5h14", download: "M12 4.5v11M7 11l5 5 5-5M5 19.5h14",
  back: "M14.5 5.5 8 12l6.5 6.5", theme: "M12 4a8 8 0 1 0 8 8 6 6 0 0 1-8-8z", logout: "M14 4.5h4.5v15H14M10 8l-4 4 4 4M6 12h9",
  refresh: "M19 12a7 7 0 1 1-2.2-5.1M19 3.5v4h-4", save: "M5 5h11l3 3v11H5zM8.5 5v4.5h6V5M8.5 19v-5h7v5",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export const theme = () => (document.documentElement.classList.contains("light") ? "light" : "dark");

const light = matchMedia("(prefers-color-scheme: light)");

function setTheme() {
  document.documentElement.classList.toggle("light", (localStorage.getItem("theme") || (light.matches ? "light" : "dark")) === "light");
  dispatchEvent(new Event("theme"));
}

export function toggleTheme() { localStorage.setItem("theme", theme() === "light" ? "dark" : "light"); setTheme(); }

light.addEventListener("change", setTheme);
setTheme();
